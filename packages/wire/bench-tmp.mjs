import {identify,readInput,verifySignature,readSignature,signRequest,writeOutput} from './src/index.ts'
const N=10000
const bodyOf=n=>Buffer.from(JSON.stringify({logGroupName:'/aws/amazonmq/broker/b-1/general',logStreamName:'b-1.log',logEvents:Array.from({length:n},(_,i)=>({timestamp:1700000000000+i,message:('2026-11-21 10:00:00,123 | INFO | event number '+i+' of a batch | org.apache ').padEnd(78,'x')}))}))
function best(name,f,k=100){let b=1e9;for(let i=0;i<k;i++){const t=performance.now();f();b=Math.min(b,performance.now()-t)}console.log(name,(b*1000).toFixed(1),'us');return b}
for(const n of [10000,100,1]){const body=bodyOf(n)
const head={method:'POST',rawUrl:'/',headers:{'x-amz-target':'Logs_20140328.PutLogEvents','content-type':'application/x-amz-json-1.1'}}
const id=identify(head,body).operation
const a=best('parse '+n,()=>JSON.parse(body.toString('utf8')),n===10000?300:20000)
const b=best('readInput '+n,()=>readInput(id,head,body),n===10000?300:20000)
console.log(b/a)
const h=signRequest({method:'POST',url:'http://127.0.0.1:4566/',headers:head.headers,body,service:'logs',region:'us-east-1',accessKeyId:'test',secret:'test'})
const sh={...head,headers:h}
const v=()=>{const c=readSignature(sh,id);verifySignature(c,sh,body,'test',Date.now(),id)}
v()
best('verify',v,n===10000?300:20000)
const out={events:Array.from({length:n},(_,i)=>({timestamp:i+1e12,message:'x'.repeat(78),ingestionTime:1e12})),nextForwardToken:'a'}
const idg={service:'logs',operation:'GetLogEvents',protocol:'aws-json-1.1'}
best('stringify',()=>JSON.stringify(out));best('write',()=>writeOutput(idg,out,'r'))
}
