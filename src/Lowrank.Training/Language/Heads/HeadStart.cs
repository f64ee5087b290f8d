namespace Lowrank.Training;

/// <summary>The numbers that a head begins with which is in no file.</summary>
static class HeadStart
{
    // transformers' initializer_range, which all its classifiers begin with.
    const double Spread = 0.02;

    /// <summary>Fills the head of a model that lacks one: matrices at random, biases with 0, norms with 1.</summary>
    public static void Fill(LanguageNetwork network, long seed)
    {
        using var grad = no_grad();
        using var generator = StepSeeds.Generator(seed, "head", 0);
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (!network.IsOfHead($"{ModelDescription.Whole}.{name}")) continue;
            using var scope = NewDisposeScope();
            if (parameter.dim() > 1) parameter.copy_(randn(parameter.shape, device: CPU, generator: generator) * Spread);
            else parameter.fill_(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
        }
    }

    /// <summary>The head's layers, trained whole.</summary>
    /// <param name="network">The model.</param>
    /// <param name="rate">Their learning rate; null takes that of the rest.</param>
    public static IReadOnlyList<PlannedTarget> Plan(LanguageNetwork network, double? rate)
    {
        var targets = network.Describe().Components.SelectMany(component => component.Targets).Select(one => one.Target);
        return [.. targets.Where(target => network.IsOfHead(target.Path))
            .Select(target => new PlannedTarget(target, Replacement.Descriptor, new MethodOptions(1)) { LearningRate = rate })];
    }
}
