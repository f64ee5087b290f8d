namespace Lowrank.Torch;

/// <summary>Steps straight down the gradient, with or without momentum, as <c>torch.optim.SGD</c> takes them.</summary>
/// <remarks>Weight decay is added to the gradient; the first step's momentum is the gradient itself, undamped.</remarks>
public sealed class Sgd : IOptimizer
{
    static readonly TypedArgument<double> momentum =
        NamedArgument.Number("momentum", "sgd: share of the last step's direction that is kept; 0.9 is usual", 0, NumberRange.AtLeast(0));

    static readonly TypedArgument<double> dampening =
        NamedArgument.Number("dampening", "sgd: share of the gradient that momentum does not take up", 0);

    static readonly TypedArgument<double> weightDecay =
        NamedArgument.Number("weight_decay", "Weight decay", 0, NumberRange.AtLeast(0));

    static readonly TypedArgument<bool> nesterov =
        NamedArgument.Switch("nesterov", "sgd: look ahead by the momentum (Nesterov)");

    readonly IReadOnlyList<ParameterGroup> groups;
    readonly SgdOptions options;
    readonly Dictionary<Tensor, Tensor> directions = new(ReferenceEqualityComparer.Instance);
    readonly BackwardWatch watch = new();

    /// <summary>An optimizer over groups of parameters, each with a learning rate of its own.</summary>
    /// <param name="groups">Parameters (leaves) and their learning rate.</param>
    /// <param name="options">The constants all groups share; null means PyTorch's defaults.</param>
    /// <exception cref="LowrankException">There are no parameters, or a constant is out of its range.</exception>
    public Sgd(IEnumerable<ParameterGroup> groups, SgdOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        EngineCure.Require();
        (this.groups, this.options) = ([.. groups], options ?? new());
        this.options.Check();
        if (this.groups.Sum(group => group.Parameters.Count) == 0)
            throw new LowrankException("there are no parameters to train. Has the adapter been added, and is it not frozen?");
    }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterGroup> Groups => groups;

    /// <inheritdoc/>
    public void Step()
    {
        watch.Rethrow();
        TrainedParts.RefuseMerged(groups);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        bool moves = false;
        foreach (var group in groups)
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is not { } gradient) continue;
                moves = true;
                Move(parameter, gradient, group);
            }
        TrainedParts.RefuseIdle(groups, moves);
    }

    void Move(Tensor parameter, Tensor gradient, ParameterGroup group)
    {
        if (group.Decays && options.WeightDecay > 0) gradient = gradient + options.WeightDecay * (parameter - group.DecaysToward);
        if (options.Momentum > 0) gradient = WithMomentum(parameter, gradient);
        parameter.sub_(group.LearningRate * gradient);
    }

    Tensor WithMomentum(Tensor parameter, Tensor gradient)
    {
        var direction = DirectionOf(parameter);
        // Zeros are what nothing has moved yet: torch begins with the gradient, which dampening would make less of.
        bool isFirst = !direction.any().ToBoolean();
        direction.mul_(options.Momentum).add_(isFirst ? gradient : gradient * (1 - options.Dampening));
        return options.Nesterov ? gradient + options.Momentum * direction : direction;
    }

    Tensor DirectionOf(Tensor parameter)
    {
        if (!directions.TryGetValue(parameter, out var direction))
            direction = directions[parameter] = zeros_like(parameter, device: parameter.device).DetachFromDisposeScope();
        return direction;
    }

    /// <inheritdoc/>
    public void ZeroGrad()
    {
        watch.Begin();
        foreach (var parameter in groups.SelectMany(group => group.Parameters))
        {
            using var gradient = parameter.grad;
            if (gradient is not null) parameter.grad = null;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> StateTensors()
    {
        if (options.Momentum == 0) yield break;
        foreach (var (group, names) in groups.Zip(ParameterNames.Of(groups)))
            foreach (var (parameter, name) in group.Parameters.Zip(names))
                yield return ($"{name}.momentum_buffer", DirectionOf(parameter));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var direction in directions.Values) direction.Dispose();
        directions.Clear();
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "sgd", "straight down the gradient, with or without momentum",
        (groups, given) =>
            new Sgd(groups, new(momentum.In(given), dampening.In(given), weightDecay.In(given), nesterov.In(given))))
    {
        OtherNames = ["torch.optim.SGD"],
        Arguments = [momentum, dampening, weightDecay, nesterov],
    };
}
