namespace Lowrank.Adapters.Tests;

public class GgufHeadTests
{
    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void AnAlphaThatIsNoFiniteNumberIsAFault(float alpha)
    {
        var head = new GgufHead(new GgufMetadata([new GgufEntry(GgufHead.AlphaKey, alpha)]));
        Assert.Contains("and no finite number", Assert.Single(head.Faults()));
    }
}
