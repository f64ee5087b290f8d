namespace Lowrank.Workbench.Tests;

public class DemoRequestTests
{
    [Fact]
    public void WhatCannotBeDrawnIsToldBeforeTheTraining()
    {
        Assert.Empty(new DemoRequest("out").Faults());
        var none = new DemoRequest("out") { Steps = 0, Pictures = DemoSettings.Pictures with { Steps = 0 } };
        Assert.Equal(["`steps` is 0 (1 or more)", "`sampling steps` is 0 (1 to 1000)"], none.Faults());
    }
}
