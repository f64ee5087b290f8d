namespace Lowrank.Torch.Tests;

public class ProcessorTests
{
    [Fact]
    public void FlagsDecideThePrecision()
    {
        var zen4 = Processor.Parse(["model name\t: AMD EPYC", "flags\t\t: fpu avx512f avx512_bf16"]);
        Assert.Equal("AMD EPYC", zen4.Name);
        Assert.Equal(Precision.BFloat16, Precision.FasterOn(zen4));
        Assert.True(zen4.LeavesFloat32ToAvx2);
        Assert.False(Processor.Parse(["model name : Intel(R) Xeon(R)", "flags : avx512f"]).LeavesFloat32ToAvx2);
        Assert.Equal(Precision.Float32, Precision.FasterOn(Processor.Parse(["model name : old", "flags : fpu avx2"])));
    }
}
