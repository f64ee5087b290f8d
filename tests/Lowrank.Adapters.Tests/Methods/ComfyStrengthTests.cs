namespace Lowrank.Adapters.Tests;

/// <summary>ComfyUI's law of strengths, its faults included.</summary>
public class ComfyStrengthTests
{
    static readonly Target target = new("layer", LayerKind.Linear, [8, 6]);

    [Fact]
    public void ARotationsStrengthCountsTwice()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var weight = randn([8, 6], device: CPU, generator: generator);
        var blocks = randn([2, 4, 4], device: CPU, generator: generator) * 0.3;
        using var ours = new DiagOft(target, blocks);
        using var theirs = new DiagOft(target, blocks) { StrengthRule = StrengthRule.ComfyUi };
        Assert.True(ours.Apply(weight, 0.49).allclose(theirs.Apply(weight, 0.7), 1e-5, 1e-6));
        Assert.True(ours.Apply(weight, 1).allclose(theirs.Apply(weight, 1), 1e-5, 1e-6));
    }

    [Fact]
    public void ARotationsConstraintHasNoFactorOfOutputs()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var weight = randn([8, 6], device: CPU, generator: generator);
        var blocks = randn([2, 4, 4], device: CPU, generator: generator);
        using var ours = new DiagOft(target, blocks, constraint: 0.5 / 8);
        using var theirs = new DiagOft(target, blocks, constraint: 0.5) { StrengthRule = StrengthRule.ComfyUi };
        Assert.True(ours.Apply(weight, 1).allclose(theirs.Apply(weight, 1), 1e-5, 1e-6));
    }

    [Fact]
    public void NormsOfOutputsAreThoseOfTheWeightAlone()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var weight = randn([8, 6], device: CPU, generator: generator);
        var (down, up) = (randn([2, 6], device: CPU, generator: generator), randn([8, 2], device: CPU, generator: generator));
        var magnitude = rand([8, 1], device: CPU, generator: generator);
        using var dora = new Dora(new Lora(target, down, up), magnitude) { StrengthRule = StrengthRule.ComfyUi };
        var want = (weight + up.matmul(down)) * magnitude / weight.norm(1, keepdim: true);
        Assert.True(want.allclose(dora.Apply(weight, 1), 1e-5, 1e-5));
        Assert.True((weight + 0.3 * (want - weight)).allclose(dora.Apply(weight, 0.3), 1e-5, 1e-5));
    }
}
