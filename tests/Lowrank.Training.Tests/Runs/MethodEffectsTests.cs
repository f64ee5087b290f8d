namespace Lowrank.Training.Tests;

/// <summary>A method that says that it has no rank or no alpha is the same whatever they are, and one that says otherwise is not.</summary>
public sealed class MethodEffectsTests : IClassFixture<MethodEffectsTests.Model>
{
    /// <summary>The tiny model, loaded once.</summary>
    public sealed class Model : IDisposable
    {
        public StableDiffusion Loaded { get; } = StableDiffusion.Load(Trial.ModelFolder, new Storage());

        public void Dispose() => Loaded.Dispose();
    }

    readonly ModelDescription model;

    public MethodEffectsTests(Model model) => this.model = model.Loaded.Describe();

    // Of embeddings alone, or begun with what layers are asked; and those whose rank the small layers bound, or whose limit is not reached.
    static readonly string[] elsewhere = ["trainable-tokens", "eva", "corda"], bounded = ["lokr", "diag-oft"], limited = ["lokr", "kohya-oft"];

    public static IEnumerable<TheoryDataRow<string>> Methods =>
        from method in MethodNames.All
        where !elsewhere.Contains(method.Name)
        select new TheoryDataRow<string>(method.Name);

    [Theory, MemberData(nameof(Methods))]
    public void RankAndAlphaActAsTheMethodSays(string name)
    {
        var method = MethodNames.Named(name).Method;
        string usual = Made(name, 4, 2);
        if (!bounded.Contains(name)) Assert.Equal(method.HasRank, usual != Made(name, 8, 4));
        if (!limited.Contains(name)) Assert.Equal(method.HasAlpha, usual != Made(name, 4, 3));
    }

    // The shapes of an adapter's parts, and what it makes of a weight.
    string Made(string method, int rank, double alpha)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var plan = new NetworkSection { Method = method, Rank = rank, Alpha = alpha }.ToPlan().For(model).Take(2);
        using var generator = new Generator(5);
        using var adapter = AdapterFactory.Create(model, plan, null, generator, "x");
        return string.Join(" ", adapter.Targets.Values.Select(Facts));
    }

    static string Facts(Reparameterization made)
    {
        random.manual_seed(3);
        foreach (var part in made.Trainable) part.copy_(randn(part.shape, device: CPU) * 0.1);
        var parts = made.Parts.Select(part => $"{part.Part} {string.Join("x", part.Value.shape)} {AlphaOf(part.Part, part.Value)}");
        string applied = made.Method.DependsOnInput ? "" : $"{made.Apply(randn(made.Target.Out, made.Target.Columns, device: CPU), 1).sum().ToDouble():g6}";
        return $"{string.Join(",", parts)} {applied}";
    }

    static string AlphaOf(string part, Tensor value) => part == "alpha" ? PlainValue.Text(value.ToDouble()) : "";

    [Theory, InlineData("ia3"), InlineData("whole"), InlineData("fourierft")]
    public void ARankThatActsOnNothingIsTold(string method)
    {
        var recipe = Recipes.Empty().With((NetworkSection s) => s with { Method = method, Rank = 8, Alpha = 4 });
        Assert.Equal([$"rank is 8 and is not used: {method} has no rank", $"alpha is 4 and is not used: {method} has no alpha"], recipe.Idle().Select(line => line.Text));
        Assert.Empty(recipe.With((NetworkSection s) => s with { Rules = ["match=attn2 method=lora"] }).Idle());
    }
}
