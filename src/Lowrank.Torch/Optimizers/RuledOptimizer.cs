namespace Lowrank.Torch;

/// <summary>An optimizer that moves one parameter after the other: a rule says what it remembers of each, and how it moves.</summary>
/// <remarks>
/// Where a rule looks at all parameters before it moves one, <see cref="Look"/> and <see cref="Settle"/> come first. Parameters of bfloat16
/// are moved in float32 and rounded by chance (<see cref="StochasticRounding"/>).
/// </remarks>
abstract class RuledOptimizer : IOptimizer
{
    readonly IReadOnlyList<ParameterGroup> groups;
    readonly List<TrainedParameter> all = [];
    readonly List<SharedNumber> shared = [];
    readonly BackwardWatch watch = new();
    readonly SharedNumber steps;

    /// <summary>One over groups of parameters.</summary>
    /// <exception cref="LowrankException">There are no parameters, or one is given twice.</exception>
    protected RuledOptimizer(IEnumerable<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        EngineCure.Require();
        this.groups = [.. groups];
        steps = Shared("steps");
        var met = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var group in this.groups)
            foreach (var parameter in group.Parameters)
            {
                if (!met.Add(parameter))
                    throw new LowrankException($"{NameOf(parameter)} is given twice; it would be moved twice by a step");
                all.Add(new(parameter, group, all.Count));
            }
        if (all.Count == 0)
            throw new LowrankException("there are no parameters to train. Has the adapter been added, and is it not frozen?");
    }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterGroup> Groups => groups;

    /// <summary>Every parameter, those without a gradient too.</summary>
    protected IReadOnlyList<TrainedParameter> All => all;

    /// <summary>What is remembered of a parameter, before its first step.</summary>
    protected abstract IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one);

    /// <summary>Moves a parameter.</summary>
    protected abstract void Move(TrainedParameter one);

    /// <summary>Looks at a parameter before any is moved.</summary>
    protected virtual void Look(TrainedParameter one) { }

    /// <summary>Whether it looks first.</summary>
    protected virtual bool LooksFirst => false;

    /// <summary>All that have a gradient are about to be looked at.</summary>
    protected virtual void Begin(IReadOnlyList<TrainedParameter> ready) { }

    /// <summary>All were looked at.</summary>
    /// <returns>Whether any is to be moved.</returns>
    protected virtual bool Settle() => true;

    /// <summary>All were moved.</summary>
    protected virtual void End() { }

    /// <summary>A number that is remembered for all parameters together.</summary>
    protected SharedNumber Shared(string name, double start = 0)
    {
        var number = new SharedNumber(name, start);
        shared.Add(number);
        return number;
    }

    /// <inheritdoc/>
    public void Step()
    {
        watch.Rethrow();
        RefuseDisposed();
        TrainedParts.RefuseMerged(groups);
        Train(true);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var ready = all.Where(one => one.Parameter.grad is not null).ToList();
        if (ready.Count > 0) Step(ready);
        TrainedParts.RefuseIdle(groups, ready.Count > 0);
    }

    void Step(List<TrainedParameter> ready)
    {
        foreach (var one in ready)
        {
            one.Remember(Fresh);
            one.Count();
        }
        steps.Value++;
        long number = (long)steps.Value;
        Begin(ready);
        if (LooksFirst)
            foreach (var one in ready) Turn(one, Look, moves: false, number);
        if (!Settle()) return;
        foreach (var one in ready) Turn(one, Move, moves: true, number);
        End();
    }

    static void Turn(TrainedParameter one, Action<TrainedParameter> act, bool moves, long step)
    {
        using var scope = NewDisposeScope();
        one.Open();
        act(one);
        one.Close(moves, step);
    }

    /// <inheritdoc/>
    public virtual void Train(bool isTraining) { }

    /// <inheritdoc/>
    public void ZeroGrad()
    {
        RefuseDisposed();
        watch.Begin();
        foreach (var one in all)
        {
            using var gradient = one.Parameter.grad;
            if (gradient is not null) one.Parameter.grad = null;
        }
    }

    void RefuseDisposed()
    {
        foreach (var one in all)
            if (one.Parameter.IsInvalid)
                throw new LowrankException(
                    $"{NameOf(one.Parameter)} has been disposed: was its adapter removed? Make an optimizer over what is left.");
    }

    static string NameOf(Tensor parameter) => ParameterNames.Find(parameter) ?? "a parameter";

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> StateTensors()
    {
        foreach (var number in shared) yield return (number.Name, number.Kept);
        foreach (var (one, name) in all.Zip(ParameterNames.Of(groups).SelectMany(names => names)))
        {
            one.Remember(Fresh);
            foreach (var (part, value) in one.Parts) yield return ($"{name}.{part}", value);
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (var one in all) one.Dispose();
        foreach (var number in shared) number.Dispose();
    }
}
