/**
 * What stock agents advertise, as facts: an agent a paragraph, `operation=TIMEOUT/INTERVAL^DEPTH@ROLE` in seconds (0: none is advertised),
 * and behind `fixed:` the parameters that a reload cannot change, where the agent can reload. Only agent-facts.ts reads this.
 *
 * Made by test/agents/make.mjs of the metadata that the agents of Debian 12 print (resource-agents 4.12.0, pacemaker-resource-agents
 * 2.1.5); not to be changed by hand.
 */
export const STOCK_AGENTS = `
heartbeat:AoEtarget start=15 stop=15 monitor=15/10 reload=15 meta-data=5 validate-all=15
heartbeat:AudibleAlarm start=10 stop=10 restart=10 status=10/10 monitor=10/10 meta-data=5 validate-all=5
heartbeat:CTDB start=90 stop=100 monitor=20/10 meta-data=5 validate-all=30
heartbeat:ClusterMon start=20 stop=20 monitor=20/10 meta-data=5 validate-all=30
heartbeat:Delay start=30 stop=30 status=30/10 monitor=30/10 meta-data=5 validate-all=5
heartbeat:Dummy start=20 stop=20 monitor=20/10 reload=20 migrate_to=20 migrate_from=20 meta-data=5 validate-all=20
heartbeat:EvmsSCC start=60 stop=60 notify=60 status=10/10 monitor=10/10 meta-data=5
heartbeat:Evmsd start=20 stop=20 monitor=20/10 meta-data=5
heartbeat:Filesystem start=60 stop=60 monitor=40/20 validate-all=5 meta-data=5
heartbeat:ICP start=20 stop=20 status=20/10 monitor=20/10 validate-all=5 meta-data=5
heartbeat:IPaddr start=20 stop=20 monitor=20/5 validate-all=20 meta-data=5
heartbeat:IPaddr2 start=20 stop=20 status=20/10 monitor=20/10 meta-data=5 validate-all=20
heartbeat:IPsrcaddr start=20 stop=20 monitor=20/10 validate-all=5 meta-data=5
heartbeat:IPv6addr start=15 stop=15 status=15/15 monitor=15/15 validate-all=5 meta-data=5
heartbeat:LVM start=30 stop=30 status=30 monitor=30/10 methods=5 meta-data=5 validate-all=5
heartbeat:LVM-activate start=90 stop=90 monitor=90/30 meta-data=10 validate-all=20
heartbeat:LinuxSCSI start=20 stop=20 methods=5 status=20/10 monitor=20/10 meta-data=5 validate-all=5
heartbeat:MailTo start=10 stop=10 status=10/10 monitor=10/10 meta-data=5 validate-all=5
heartbeat:ManageRAID start=75 stop=75 status=10/10 monitor=10/10 validate-all=5 meta-data=5
heartbeat:ManageVE start=75 stop=75 status=10/10 monitor=10/10 migrate_to=75 migrate_from=75 validate-all=5
  meta-data=5
heartbeat:NodeUtilization start=90 stop=100 monitor=20/60 meta-data=5 validate-all=30
heartbeat:Pure-FTPd start=20 stop=20 monitor=20/60 validate-all=20 meta-data=5
heartbeat:Raid1 start=20 stop=20 status=20/10 monitor=20/10 validate-all=5 meta-data=5
heartbeat:Route start=20 stop=20 monitor=20/10 reload=20 meta-data=5 validate-all=20
heartbeat:SAPDatabase start=1800 stop=1800 status=60 monitor=60/120 validate-all=5 meta-data=5 methods=5
heartbeat:SAPInstance start=180 stop=240 status=60 monitor=60/120 monitor=60/121@Unpromoted monitor=60/119@Promoted
  promote=320 demote=320 reload=320 validate-all=5 meta-data=5 methods=5
heartbeat:SendArp start=20 stop=20 monitor=20/10 meta-data=5 validate-all=20
heartbeat:ServeRAID start=40 stop=40 status=20/10 monitor=20/10 validate-all=5 meta-data=5 methods=5
heartbeat:SphinxSearchDaemon start=20 stop=20 monitor=20/10 meta-data=5 validate-all=20
heartbeat:Squid start=60 stop=120 status=60 monitor=30/10 meta-data=5 validate-all=5
heartbeat:Stateful start=20 stop=20 promote=20 demote=20 monitor=20/10 meta-data=5 validate-all=20
heartbeat:SysInfo start=20 stop=20 monitor=20/60 meta-data=5 validate-all=20
heartbeat:VIPArip start=20 stop=20 monitor=20/5 validate-all=20 meta-data=5
heartbeat:VirtualDomain start=90 stop=90 status=30/10 monitor=30/10 migrate_from=60 migrate_to=120 meta-data=5
  validate-all=5
heartbeat:WAS start=300 stop=300 status=30/10 monitor=30/10 validate-all=5 meta-data=5 methods=5
heartbeat:WAS6 start=300 stop=300 status=30/10 monitor=30/10 validate-all=5 meta-data=5 methods=5
heartbeat:WinPopup start=30 stop=30 status=10/10 monitor=10/10 validate-all=5 meta-data=5
heartbeat:Xen start=60 stop=40 migrate_from=120 migrate_to=120 monitor=30/10 meta-data=5 validate-all=5
heartbeat:Xinetd start=20 stop=20 restart=20 status=10/10 monitor=10/10 validate-all=5 meta-data=5
heartbeat:ZFS start=60 stop=60 monitor=30/5 validate-all=30 meta-data=5
heartbeat:aliyun-vpc-move-ip start=180 stop=180 monitor=30/30 validate-all=5 meta-data=5
heartbeat:anything start=20 stop=20 monitor=20/10 meta-data=5 validate-all=5
heartbeat:apache start=40 stop=60 status=30 monitor=20/10 meta-data=5 validate-all=5
heartbeat:asterisk start=20 stop=20 status=20 monitor=30/20 validate-all=5 meta-data=5
heartbeat:aws-vpc-move-ip start=180 stop=180 monitor=30/60 validate-all=5 meta-data=5
heartbeat:aws-vpc-route53 start=180 stop=180 monitor=180/300 validate-all=5 meta-data=5
heartbeat:awseip start=30 stop=30 monitor=30/20 migrate_to=30 migrate_from=30 meta-data=5 validate=10 validate-all=10
heartbeat:awsvip start=30 stop=30 monitor=30/20 migrate_to=30 migrate_from=30 meta-data=5 validate=10 validate-all=10
heartbeat:azure-events start=10 stop=10 validate-all=20 monitor=240/10 meta-data=10
heartbeat:azure-events-az start=10 stop=10 validate-all=20 monitor=240/10 meta-data=10
heartbeat:azure-lb start=20 stop=20 monitor=20/10 meta-data=5 validate-all=5
heartbeat:clvm start=90 stop=90 monitor=90/30 meta-data=10 validate-all=20
heartbeat:conntrackd start=30 promote=30 demote=30 notify=30 stop=30 monitor=20/20@Unpromoted monitor=20/10@Promoted
  meta-data=5 validate-all=30
heartbeat:corosync-qnetd start=20 stop=20 status=20 monitor=20/10 validate-all=20 meta-data=20
heartbeat:crypt start=20 stop=20 monitor=20/10 meta-data=5 validate-all=10
heartbeat:db2 start=120 stop=120 promote=120 demote=120 notify=10 monitor=60/20 monitor=60/22@Promoted validate-all=5
  meta-data=5
heartbeat:dhcpd start=20 stop=20 restart=20 monitor=20/10 meta-data=5 validate-all=20
heartbeat:dnsupdate start=30 stop=30 status=30/10 monitor=30/10 meta-data=5 validate-all=5
heartbeat:docker start=90 stop=90 monitor=30/30 meta-data=5 validate-all=30
heartbeat:docker-compose start=240 stop=20 monitor=10/60 validate-all=5 meta-data=5
heartbeat:dovecot start=20 stop=20 reload=20 monitor=20/60 validate-all=20 meta-data=5
heartbeat:dummypy start=20 stop=20 monitor=20/10 reload=20 migrate_to=20 migrate_from=20 validate-all=20 meta-data=10
heartbeat:eDir88 start=600 stop=600 monitor=60/30 meta-data=5 validate-all=5
heartbeat:ethmonitor start=60 stop=20 status=60/10 monitor=60/10 meta-data=5 validate-all=20
heartbeat:exportfs start=40 stop=120 monitor=20/10 meta-data=5 validate-all=30
heartbeat:fio start=60 stop=60 monitor=60/10 meta-data=5 validate-all=20
heartbeat:galera start=120 stop=120 status=60 monitor=30/20 monitor=30/10@Promoted monitor=30/30@Unpromoted
  promote=300 demote=120 validate-all=5 meta-data=5
heartbeat:garbd start=20 stop=20 monitor=20/20 validate-all=5 meta-data=5
heartbeat:gcp-ilb start=10 stop=30 monitor=30/30 validate-all=5 meta-data=5
heartbeat:gcp-pd-move start=300 stop=15 monitor=15/10 meta-data=5
heartbeat:gcp-vpc-move-ip start=180 stop=180 monitor=30/60 validate-all=5 meta-data=5
heartbeat:gcp-vpc-move-route start=180 stop=180 monitor=30/60 validate-all=5 meta-data=5
heartbeat:gcp-vpc-move-vip start=300 stop=15 monitor=15/60 meta-data=15 validate-all=15
heartbeat:iSCSILogicalUnit start=10 stop=10 status=10/10 monitor=10/10 meta-data=5 validate-all=10
heartbeat:iSCSITarget start=10 stop=10 status=10/10 monitor=10/10 meta-data=5 validate-all=10
heartbeat:ids start=120 stop=120 status=60 monitor=30/10 validate-all=5 meta-data=5 methods=5 usage=5
heartbeat:iface-bridge start=30 stop=20 status=20/10 monitor=20/10 meta-data=5 validate-all=20
heartbeat:iface-macvlan start=30 stop=20 status=20/10 monitor=20/10 meta-data=5 validate-all=20
heartbeat:iface-vlan start=30 stop=20 status=20/10 monitor=20/10 meta-data=5 validate-all=20
heartbeat:ipsec start=20 stop=20 monitor=20/10 reload=20 meta-data=5
heartbeat:iscsi start=120 stop=120 status=30 monitor=30/120 validate-all=5 methods=5 meta-data=5
heartbeat:jboss start=60 stop=120 status=30 monitor=30/10 meta-data=5 validate-all=5
heartbeat:jira start=300 stop=300 monitor=30/10 meta-data=5 validate-all=20
heartbeat:kamailio start=60 stop=30 status=30/10 monitor=30/10 meta-data=5 validate-all=5 notify=5
heartbeat:ldirectord start=15 stop=15 monitor=10/20 meta-data=10 validate-all=10
heartbeat:lvmlockd start=90 stop=90 monitor=90/30 meta-data=10 validate-all=20
heartbeat:lxc start=10 stop=30 monitor=20/60 validate-all=20 meta-data=5
heartbeat:lxd-info start=20 stop=20 monitor=20/60 meta-data=5 validate-all=20
heartbeat:machine-info start=20 stop=20 monitor=20/60 meta-data=5 validate-all=20
heartbeat:mariadb start=120 stop=120 status=60 monitor=30/20 monitor=30/10@Promoted monitor=30/30@Unpromoted
  promote=120 demote=120 notify=90 validate-all=5 meta-data=5
heartbeat:mdraid start=20 stop=20 monitor=20/10 validate-all=5 meta-data=5
heartbeat:minio start=20 stop=20 monitor=20/60 validate-all=2 meta-data=5
heartbeat:mpathpersist start=30 promote=30 demote=30 notify=30 stop=30 monitor=20/29@Unpromoted
  monitor=20/60@Promoted meta-data=5 validate-all=30
heartbeat:mysql start=120 stop=120 status=60 monitor=30/20 monitor=30/10@Promoted monitor=30/30@Unpromoted
  promote=120 demote=120 notify=90 validate-all=5 meta-data=5
heartbeat:mysql-proxy start=30 stop=30 reload=30 monitor=20/60 validate-all=30 meta-data=5
heartbeat:nagios start=20 stop=20 status=20 monitor=20/10 validate-all=20 meta-data=20
heartbeat:named start=60 stop=60 reload=60 status=10 monitor=30/30 meta-data=5 validate-all=5 methods=5
heartbeat:nfsnotify start=90 stop=90 monitor=90/30 reload=90 meta-data=10 validate-all=20
heartbeat:nfsserver start=40 stop=20 monitor=20/10 meta-data=5 validate-all=30
heartbeat:nginx start=40 stop=60 reload=40 status=30 monitor=30/10 monitor=30/30^10 monitor=45^20 monitor=60^30
  meta-data=5 validate-all=5
heartbeat:nvmet-namespace start=10 stop=10 status=10/10 monitor=10/10 meta-data=5 validate-all=10
heartbeat:nvmet-port start=10 stop=10 status=10/10 monitor=10/10 meta-data=5 validate-all=10
heartbeat:nvmet-subsystem start=10 stop=10 status=10/10 monitor=10/10 meta-data=5 validate-all=10
heartbeat:ocivip start=30 stop=30 monitor=30/20 migrate_to=30 migrate_from=30 meta-data=5 validate=10 validate-all=10
heartbeat:openstack-cinder-volume start=180 stop=180 monitor=180/60 validate-all=5 meta-data=5
heartbeat:openstack-floating-ip start=180 stop=180 monitor=180/60 validate-all=5 meta-data=5
heartbeat:openstack-info start=180 stop=180 monitor=180/60 meta-data=5 validate-all=20
heartbeat:openstack-virtual-ip start=180 stop=180 monitor=180/60 validate-all=5 meta-data=5
heartbeat:oraasm start=60 stop=60 status=30 monitor=30/10 validate-all=5 meta-data=5
heartbeat:oracle start=120 stop=120 status=5 monitor=30/120 validate-all=5 methods=5 meta-data=5
heartbeat:oralsnr start=120 stop=120 status=60 monitor=30/10 validate-all=5 meta-data=5 methods=5
heartbeat:ovsmonitor start=60 stop=20 status=60/10 monitor=60/10 meta-data=5 validate-all=20
heartbeat:pgagent start=5 stop=5 monitor=20/10 meta-data=5 validate-all=5
heartbeat:pgsql start=120 stop=120 status=60 monitor=30/30 monitor=30/29@Promoted promote=120 demote=120 notify=90
  meta-data=5 validate-all=5 methods=5
heartbeat:pingd start=20 stop=20 monitor=20/10 meta-data=5 validate-all=20
heartbeat:podman start=90 stop=90 monitor=30/30 meta-data=5 validate-all=30
heartbeat:portblock start=20 stop=20 status=10/10 monitor=10/10 meta-data=5 validate-all=5
heartbeat:postfix start=20 stop=20 reload=20 monitor=20/60 validate-all=20 meta-data=5
heartbeat:pound start=20 stop=20 monitor=20/10 status=20 meta-data=5 validate-all=20
heartbeat:proftpd start=20 stop=20 monitor=20/60 monitor=20/120^10 validate-all=20 meta-data=5
heartbeat:rabbitmq-cluster start=100 stop=90 monitor=40/10 meta-data=10 validate-all=20
heartbeat:rabbitmq-server-ha start=20 stop=20 status=20 monitor=30/5 monitor=30/3@Promoted promote=30 demote=30
  notify=20 validate-all=5 meta-data=5
heartbeat:redis start=120 stop=120 status=60 monitor=60/45 monitor=60/20@Promoted monitor=60/60@Unpromoted
  promote=120 demote=120 notify=90 validate-all=5 meta-data=5
heartbeat:rkt start=90 stop=90 monitor=30/30 meta-data=5 validate-all=30
heartbeat:rsyncd start=20 stop=20 monitor=20/60 validate-all=20 meta-data=5
heartbeat:rsyslog start=20 stop=60 status=20 monitor=20/20 meta-data=5 validate-all=5
heartbeat:scsi2reservation start=300 stop=100 monitor=20/20 meta-data=5 validate-all=30
heartbeat:sfex start=120 stop=20 monitor=10/10 meta-data=5 validate-all=5
heartbeat:sg_persist start=30 promote=30 demote=30 notify=30 stop=30 monitor=20/29@Unpromoted monitor=20/60@Promoted
  meta-data=5 validate-all=30
heartbeat:slapd start=20 stop=20 monitor=20/60 validate-all=20 meta-data=5
heartbeat:smb-share start=20 stop=20 status=20/10 monitor=20/10 meta-data=5 validate-all=20
heartbeat:storage-mon start=10 stop=120 monitor=120/30 meta-data=5 validate-all=10
heartbeat:sybaseASE start=300 stop=300 status=100/30 monitor=100/30 status=100/120^10 monitor=100/120^10 meta-data=5
  validate-all=5
heartbeat:symlink start=15 stop=15 monitor=15/60 meta-data=5 validate-all=10
heartbeat:syslog-ng start=60 stop=120 status=60 monitor=60/60 meta-data=5 validate-all=5
heartbeat:tomcat start=60 stop=120 status=60 monitor=30/10 meta-data=5 validate-all=5
heartbeat:varnish start=20 stop=20 monitor=20/10 status=20 meta-data=5 validate-all=20
heartbeat:vdo-vol start=60 stop=20 status=20 monitor=20/10 validate-all=20 meta-data=20
heartbeat:vmware start=600 stop=600 monitor=30/300 meta-data=5
heartbeat:vsftpd start=20 stop=20 monitor=20/60 validate-all=20 meta-data=5
heartbeat:zabbixserver start=20 stop=20 monitor=20/10 validate-all=20 meta-data=5
pacemaker:ClusterMon start=20 stop=20 monitor=20/10 meta-data=5 validate-all=30
pacemaker:Dummy start=20 stop=20 monitor=20/10 reload=20 reload-agent=20 migrate_to=20 migrate_from=20
  validate-all=20 meta-data=5 fixed:state
pacemaker:HealthCPU start=10 stop=10 monitor=10/10 reload-agent=20 meta-data=5 validate-all=10 fixed:state
pacemaker:HealthIOWait start=10 stop=10 monitor=10/10 meta-data=5 validate-all=10
pacemaker:HealthSMART start=10 stop=10 monitor=10/10 meta-data=5 validate-all=10 reload-agent=20 fixed:state
pacemaker:Stateful start=20 stop=20 monitor=20/10@Promoted monitor=20/11@Unpromoted promote=10 demote=10 notify=5
  meta-data=5 reload-agent=10 validate-all=30 fixed:state
pacemaker:SysInfo start=20 stop=20 monitor=20/60 reload-agent=20 meta-data=5 validate-all=30 fixed:pidfile,delay
pacemaker:attribute start=20 stop=20 monitor=20/10 reload=20 migrate_to=20 migrate_from=20 validate-all=20
  meta-data=5
pacemaker:ifspeed start=30 stop=30 monitor=30/10 meta-data=5 validate-all=30
pacemaker:ping start=60 stop=20 monitor=60/10 meta-data=5 validate-all=30 reload-agent=20
  fixed:pidfile,name,multiplier,host_list,options,failure_score,use_fping
`
