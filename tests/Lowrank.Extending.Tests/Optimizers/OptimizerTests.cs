namespace Lowrank.Extending.Tests;

/// <summary>An optimizer that lives here trains a run that names it.</summary>
public sealed class OptimizerTests : IDisposable
{
    readonly TinyRun tiny = new();

    TrainingRecipe Recipe(string name, string more) => tiny.Recipe(name, more);

    static TrainingResult Run(TrainingRecipe recipe) => TinyRun.Run(recipe);

    static Dictionary<string, Tensor> Tensors(ITensorFile file) => file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));

    [Fact]
    public void ARunMovesAsTheOptimizerThatItNames()
    {
        var result = Run(Recipe("signs", "optimizer: sign-descent\nmomentum: 0\nsave_every: 1"));
        using var scope = NewDisposeScope();
        using var first = Safetensors.Open(result.Files.Checkpoint(1));
        // up begins at zero: after a step each entry is the rate, its negative, or still zero.
        var ups = Tensors(first).Where(pair => pair.Key.EndsWith("lora_up.weight", StringComparison.Ordinal)).Select(pair => pair.Value.abs()).ToList();
        Assert.All(ups, up => Assert.True(((up - 1e-3).abs().lt(1e-9) | up.eq(0)).all().ToBoolean()));
        Assert.Contains(ups, up => up.max().ToDouble() > 0);
        Assert.Equal("lowrank.sign-descent(momentum=0)", first.Metadata["ss_optimizer"]);
    }

    [Fact]
    public void ItIsDisposedWhereTheRulesBesideItAreRefused()
    {
        var recipe = Recipe("refused", "optimizer: sign-descent\nmethod: loha\nprecondition: true");
        Assert.Contains("preconditioned", Assert.Throws<LowrankException>(() => Run(recipe)).Message);
        Assert.True(SignDescent.Latest!.IsDisposed);
    }

    [Fact]
    public void AStoppedRunGoesOnWithItsState()
    {
        var whole = Run(Recipe("whole", "optimizer: sign_descent"));
        Run(Recipe("part", "optimizer: sign_descent").With((OptimizationSection s) => s with { Steps = 2 }));
        var part = Run(Recipe("part", "optimizer: sign_descent\nresume: true"));
        using var scope = NewDisposeScope();
        using var one = Safetensors.Open(whole.AdapterPath);
        using var two = Safetensors.Open(part.AdapterPath);
        var others = Tensors(two);
        Assert.All(Tensors(one), pair => Assert.True(pair.Value.bytes.SequenceEqual(others[pair.Key].bytes), pair.Key));
    }

    [Fact]
    public void ItsArgumentIsAFieldWithARange()
    {
        var recipe = Recipe("range", "optimizer: sign-descent\nmomentum: 1");
        Assert.Contains("momentum is 1 (0 to below 1)", Assert.Throws<LowrankException>(recipe.Checked).Message);
    }

    [Fact]
    public void AnArgumentOfAnotherOptimizerIsNamedAsNotUsed()
    {
        var recipe = Recipe("idle", "optimizer: sign-descent\nbeta1: 0.5");
        Assert.Contains("beta1 is 0.5 and is not used", Assert.Single(recipe.Idle()).Text);
    }

    public void Dispose() => tiny.Dispose();
}
