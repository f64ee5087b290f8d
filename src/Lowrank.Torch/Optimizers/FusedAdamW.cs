namespace Lowrank;

/// <summary>Decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, Algorithm 2), by libtorch's fused kernel.</summary>
/// <remarks>
/// TorchSharp's own AdamW takes far longer on many small tensors, and its default weight decay is 0 where PyTorch's is 0.01.
/// </remarks>
public sealed class FusedAdamW : IOptimizer
{
    static readonly AdamWOptions standard = new();

    static readonly TypedArgument<double> beta1 =
        NamedArgument.Number("beta1", "AdamW's beta1", standard.Beta1, NumberRange.ShareBelowOne) with
        {
            AlsoCalled = ["adam_beta1"],
        };

    static readonly TypedArgument<double> beta2 =
        NamedArgument.Number("beta2", "AdamW's beta2", standard.Beta2, NumberRange.ShareBelowOne) with
        {
            AlsoCalled = ["adam_beta2"],
        };

    static readonly TypedArgument<double> epsilon =
        NamedArgument.Number("epsilon", "AdamW's epsilon", standard.Epsilon, NumberRange.Above(0)) with
        {
            AlsoCalled = ["adam_epsilon"],
        };

    static readonly TypedArgument<double> weightDecay =
        NamedArgument.Number("weight_decay", "AdamW's weight decay", standard.WeightDecay, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["adam_weight_decay"],
        };

    static readonly TypedArgument<bool> amsgrad =
        NamedArgument.Switch("amsgrad", "adam, adamw: divide by the largest mean of squares so far");

    readonly List<Group> groups = [];
    readonly BackwardWatch watch = new();

    /// <summary>An optimizer over groups of parameters, each with a learning rate of its own.</summary>
    /// <param name="groups">Parameters (float32 or float64 leaves) and their learning rate.</param>
    /// <param name="options">The constants all groups share; null means PyTorch's defaults.</param>
    public FusedAdamW(IEnumerable<ParameterGroup> groups, AdamWOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        EngineCure.Require();
        Options = options ?? new();
        Options.Check();
        foreach (var group in groups)
            this.groups.Add(new(group, [.. group.Parameters.Select(p => new State(p))]));
        CheckParameters();
    }

    void CheckParameters()
    {
        var met = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in groups.SelectMany(group => group.Parameters.Parameters))
        {
            ArgumentNullException.ThrowIfNull(parameter);
            if (!met.Add(parameter)) throw new LowrankException($"{NameOf(parameter)} is given twice; it would be moved twice by a step");
        }
        if (met.Count == 0)
            throw new LowrankException("there are no parameters to train. Has the adapter been added, and is it not frozen?");
        RefuseDisposed();
    }

    void RefuseDisposed()
    {
        foreach (var parameter in groups.SelectMany(group => group.Parameters.Parameters))
            if (parameter.IsInvalid)
                throw new LowrankException(
                    $"{NameOf(parameter)} has been disposed: was its adapter removed? Make an optimizer over what is left.");
    }

    static string NameOf(Tensor parameter) => ParameterNames.Find(parameter) ?? "a parameter";

    /// <summary>An optimizer over parameters with one learning rate.</summary>
    /// <param name="parameters">float32 or float64 leaves.</param>
    /// <param name="learningRate">Their learning rate; changed by <see cref="Groups"/>.</param>
    /// <param name="options">The constants; null means PyTorch's defaults.</param>
    public FusedAdamW(IEnumerable<Tensor> parameters, double learningRate, AdamWOptions? options = null)
        : this([new ParameterGroup([.. parameters ?? throw new ArgumentNullException(nameof(parameters))], learningRate)], options) { }

    /// <summary>The constants.</summary>
    public AdamWOptions Options { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterGroup> Groups => [.. groups.Select(g => g.Parameters)];

    /// <inheritdoc/>
    public void Step()
    {
        watch.Rethrow();
        RefuseDisposed();
        TrainedParts.RefuseMerged(Groups);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        bool moves = false;
        foreach (var group in groups)
        {
            var ready = group.States.Select(s => (State: s, Gradient: s.Parameter.grad)).Where(pair => pair.Gradient is not null).ToList();
            if (ready.Count == 0) continue;
            moves = true;
            foreach (var (state, _) in ready) state.Allocate(Options.Amsgrad);
            double correction = Options.CorrectsBias ? 1 : Uncorrected(ready[0].State);
            var options = OptionsOf(group.Parameters, ready[0].State, correction);
            AtenOperators.FusedAdamW(
                [.. ready.Select(p => p.State.Parameter)], [.. ready.Select(p => p.Gradient!)],
                [.. ready.Select(p => p.State.Mean!)], [.. ready.Select(p => p.State.Variance!)],
                Options.Amsgrad ? [.. ready.Select(p => p.State.LargestVariance!)] : [],
                [.. ready.Select(p => p.State.Steps!)],
                group.Parameters.LearningRate * correction, options.Beta1, options.Beta2, options.WeightDecay, options.Epsilon,
                options.Amsgrad);
            if (group.Parameters.Decays) Decay(group.Parameters, [.. ready.Select(pair => pair.State.Parameter)]);
        }
        TrainedParts.RefuseIdle(Groups, moves);
    }

    // What the kernel did not do: decay after the step, and decay to another value than 0.
    void Decay(ParameterGroup group, IReadOnlyList<Tensor> parameters)
    {
        double share = group.LearningRate * Options.WeightDecay;
        foreach (var parameter in parameters)
        {
            if (Options.DecaysLast) parameter.mul_(1 - share);
            if (group.DecaysToward != 0) parameter.add_(share * group.DecaysToward);
        }
    }

    // The kernel decays by the rate that it is given, and decay is by the group's own.
    AdamWOptions OptionsOf(ParameterGroup group, State first, double correctionOfRate)
    {
        bool isKernels = group.Decays && !Options.DecaysLast;
        var options = Options with { WeightDecay = isKernels ? Options.WeightDecay / correctionOfRate : 0 };
        if (!options.EpsilonBeforeCorrection) return options;
        double correction = 1 - Math.Pow(options.Beta2, first.Steps!.ToDouble() + 1);
        return options with { Epsilon = options.Epsilon / Math.Sqrt(correction) };
    }

    // What undoes the kernel's own correction of both means in a step.
    double Uncorrected(State first)
    {
        double steps = first.Steps!.ToDouble() + 1;
        return (1 - Math.Pow(Options.Beta1, steps)) / Math.Sqrt(1 - Math.Pow(Options.Beta2, steps));
    }

    /// <inheritdoc/>
    public void ZeroGrad()
    {
        RefuseDisposed();
        watch.Begin();
        foreach (var group in groups)
            foreach (var state in group.States)
            {
                using var gradient = state.Parameter.grad;
                if (gradient is not null) state.Parameter.grad = null;
            }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> StateTensors()
    {
        foreach (var (group, names) in groups.Zip(ParameterNames.Of(Groups)))
            foreach (var (state, name) in group.States.Zip(names))
            {
                state.Allocate(Options.Amsgrad);
                yield return ($"{name}.step", state.Steps!);
                yield return ($"{name}.exp_avg", state.Mean!);
                yield return ($"{name}.exp_avg_sq", state.Variance!);
                if (Options.Amsgrad) yield return ($"{name}.max_exp_avg_sq", state.LargestVariance!);
            }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in groups)
            foreach (var state in group.States) state.Dispose();
    }

    /// <summary>AdamW in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adamw", "decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101)",
        (groups, given) =>
            new FusedAdamW(groups, new AdamWOptions(
                beta1.In(given), beta2.In(given), epsilon.In(given), weightDecay.In(given), amsgrad.In(given))))
    {
        OtherNames = ["torch.optim.AdamW", "adamw_torch"],
        Arguments = [beta1, beta2, epsilon, weightDecay, amsgrad],
        Written = Written,
    };

    static string Written(IReadOnlyDictionary<string, string> given)
    {
        var (first, second) = (beta1.TextIn(given), beta2.TextIn(given));
        return $"torch.optim.adamw.AdamW(weight_decay={weightDecay.TextIn(given)},betas=({first}, {second}),eps={epsilon.TextIn(given)})";
    }

    sealed record Group(ParameterGroup Parameters, List<State> States);

    sealed class State(Tensor parameter) : IDisposable
    {
        public Tensor Parameter => parameter;
        public Tensor? Steps, Mean, Variance, LargestVariance;

        public void Allocate(bool amsgrad)
        {
            if (Steps is not null) return;
            using var grad = no_grad();
            Steps = zeros([], dtype: ScalarType.Float32, device: parameter.device).DetachFromDisposeScope();
            Mean = Zeros();
            Variance = Zeros();
            if (amsgrad) LargestVariance = Zeros();
        }

        Tensor Zeros() => zeros(parameter.shape, dtype: parameter.dtype, device: parameter.device).DetachFromDisposeScope();

        public void Dispose()
        {
            Steps?.Dispose();
            Mean?.Dispose();
            Variance?.Dispose();
            LargestVariance?.Dispose();
        }
    }
}
