namespace Lowrank.Extending.Tests;

/// <summary>Every parameter moves by the learning rate, against the sign of its smoothed gradient.</summary>
/// <param name="groups">The parameters.</param>
/// <param name="momentum">Memory of the gradient.</param>
sealed class SignDescent(IEnumerable<ParameterGroup> groups, double momentum) : IOptimizer
{
    static readonly TypedArgument<double> momentumArgument =
        NamedArgument.Number("momentum", "Memory of sign descent", 0.9, NumberRange.ShareBelowOne);

    readonly List<ParameterGroup> groups = [.. groups];
    readonly BackwardWatch watch = new();
    readonly Dictionary<Tensor, Tensor> means = new(ReferenceEqualityComparer.Instance);

    public static OptimizerDescriptor Descriptor { get; } = new(
        "sign-descent", "every parameter moves by the rate, against its gradient's sign",
        (groups, given) => Latest = new SignDescent(groups, momentumArgument.In(given)))
    {
        Arguments = [momentumArgument],
    };

    /// <summary>The one that was made last.</summary>
    public static SignDescent? Latest { get; private set; }

    public IReadOnlyList<ParameterGroup> Groups => groups;

    public bool IsDisposed { get; private set; }

    public void Step()
    {
        watch.Rethrow();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var group in groups)
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is not { } gradient) continue;
                var mean = MeanOf(parameter);
                mean.mul_(momentum).add_(gradient * (1 - momentum));
                parameter.sub_(mean.sign() * group.LearningRate);
            }
    }

    public void ZeroGrad()
    {
        watch.Begin();
        foreach (var parameter in groups.SelectMany(group => group.Parameters)) parameter.grad = null;
    }

    public IEnumerable<(string Name, Tensor Value)> StateTensors() =>
        groups.SelectMany(group => group.Parameters).Select((parameter, i) => ($"{i}.mean", MeanOf(parameter)));

    Tensor MeanOf(Tensor parameter)
    {
        if (!means.TryGetValue(parameter, out var mean)) means[parameter] = mean = zeros_like(parameter).detach().DetachFromDisposeScope();
        return mean;
    }

    public void Dispose()
    {
        IsDisposed = true;
        foreach (var mean in means.Values) mean.Dispose();
    }
}
