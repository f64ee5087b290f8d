namespace Lowrank.Training;

/// <summary>Of several answers that the model wrote to a prompt those that are better than the others' mean are made likelier.</summary>
/// <remarks>Ahmadian et al. 2024 (arXiv 2402.14740): an answer is one action, with one ratio.</remarks>
public sealed class RlooObjective : IObjective
{
    readonly double low;
    readonly double high;

    /// <summary>An objective.</summary>
    /// <param name="epsilon">How far below 1 a ratio still counts, 0 to 1. Default 0.2.</param>
    /// <param name="epsilonHigh">How far above, 0 or more; null: as far as below.</param>
    /// <exception cref="LowrankException">One is out of its range.</exception>
    public RlooObjective(double epsilon = 0.2, double? epsilonHigh = null)
    {
        var faults = new ObjectiveFaults();
        faults.Range("clip_epsilon", epsilon, NumberRange.Between(0, 1));
        faults.Range("epsilon_high", epsilonHigh, NumberRange.AtLeast(0));
        faults.Throw("rloo");
        (low, high) = (epsilon, epsilonHigh ?? epsilon);
    }

    static readonly TypedArgument<double> epsilonArgument =
        NamedArgument.Number("clip_epsilon", "how far below 1 a ratio still counts", 0.2, NumberRange.Between(0, 1));

    static readonly FreeArgument<double?> highArgument = NamedArgument.OptionalNumber(
        "epsilon_high", "how far above 1, where not as far as below", NumberRange.AtLeast(0));

    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = new(
        "rloo", "of several answers that the model wrote those better than the others' mean are made likelier",
        given => new RlooObjective(epsilonArgument.In(given), highArgument.In(given)))
    {
        Arguments = [epsilonArgument, highArgument, GrpoArguments.Length],
    };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; } = new(ObjectiveModel.Writer)
    {
        Rows = ObjectiveRows.Written, Tokens = new() { WideHead = true, Entropy = true },
    };

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var policy = ObjectiveInput.Given(input.Policy, "rloo", "the model's log-probabilities");
        var advantages = ObjectiveInput.Given(input.Advantages, "rloo", "advantages").to(ScalarType.Float32).reshape(-1, 1);
        var sums = Completions.Sums(policy.Values, policy.Counted);   // (B)
        var ratios = (sums - Old(input.Written, sums, policy.Counted)).exp().unsqueeze(1);
        var metrics = new Dictionary<string, double>();
        var loss = RatioClip.Loss(ratios, advantages, policy.Counted, (low, high, null), metrics).mean();
        if (policy.Entropies is { } entropies) metrics["entropy"] = Completions.Number(Completions.Mean(entropies, policy.Counted));
        return new(scope.MoveToOuter(loss), metrics);
    }

    static Tensor Old(Tensor? written, Tensor sums, Tensor counted)
    {
        if (written is null) return sums.detach();
        return written.dim() == 1 ? written : Completions.Sums(written, counted);
    }
}
