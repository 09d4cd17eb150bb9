package picture
import ("testing";"os";"path/filepath";"strings";"fmt")
func TestProbe(t *testing.T){
 fs,_:=filepath.Glob("testdata/*")
 for _,f:=range fs { if strings.HasSuffix(f,".want.png")||strings.HasSuffix(f,".py"){continue}
  p,err:=Open(f,Limits{})
  if err!=nil{fmt.Println(f,err);continue}
  want:=f+".want.png"
  if _,e:=os.Stat(want);e!=nil{want="testdata/rgb.png"; if f=="testdata/rgba.png"||strings.Contains(f,"interlaced")||strings.HasSuffix(f,"deep.png")||strings.Contains(f,"lossless")||strings.HasSuffix(f,"animated.webp")||strings.Contains(f,"deflate")||strings.Contains(f,"32"){want="testdata/rgba.png"}; if strings.Contains(f,"grey"){want="testdata/grey.png"}}
  q,_:=Open(want,Limits{})
  if p.Size()!=q.Size(){fmt.Println(f,p.Size(),q.Size(),p.Meta.Deep);continue}
  mx,sum:=0,0
  for i:=range p.Pix.Pix { d:=int(p.Pix.Pix[i])-int(q.Pix.Pix[i]); if d<0{d=-d}; mx=max(mx,d); sum+=d}
  fmt.Printf("%s max %d mean %.2f deep %v icc %d exif %d\n",f,mx,float64(sum)/float64(len(p.Pix.Pix)),p.Meta.Deep,len(p.Meta.ICC),len(p.Meta.EXIF))
 }
}
