import {JsonReaders} from './src/json/read.ts'
import {loadModel} from './src/model/load.ts'
import {familyOf} from './src/families.ts'
import {Cursor} from './src/reading/cursor.ts'
import {countWrittenKeys} from './src/json/text.ts'
const n=10000
const text=JSON.stringify({logGroupName:'/aws/amazonmq/broker/b-1/general',logStreamName:'b-1.log',logEvents:Array.from({length:n},(_,i)=>({timestamp:1700000000000+i,message:('2026-11-21 10:00:00,123 | INFO | event number '+i+' of a batch | org.apache ').padEnd(78,'x')}))})
const v=JSON.parse(text)
function best(name,f,k=300){let b=1e9;for(let i=0;i<k;i++){const t=performance.now();f();b=Math.min(b,performance.now()-t)}console.log(name,(b*1000).toFixed(1),'us');return b}
const r=new JsonReaders(loadModel('logs'),familyOf('logs')).reader('PutLogEventsRequest')
best('walk',()=>r(v,new Cursor(),0))
best('keys',()=>countWrittenKeys(text))
best('parse',()=>JSON.parse(text))
