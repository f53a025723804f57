/** The same library without its stores on other machines, and not rewritten for old versions of Node: a third of the time. */
declare module 'bottleneck/light.js' {
  import Bottleneck from 'bottleneck'
  export default Bottleneck
}
