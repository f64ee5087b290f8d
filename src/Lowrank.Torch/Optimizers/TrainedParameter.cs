namespace Lowrank.Torch;

/// <summary>A parameter in the hands of an optimizer, with what is remembered of it.</summary>
/// <remarks>A step computes in float32 (float64 where the parameter has that), whatever the parameter's dtype.</remarks>
/// <param name="parameter">The leaf.</param>
/// <param name="group">Its group.</param>
/// <param name="number">Its number among all, from which chance is drawn.</param>
sealed class TrainedParameter(Tensor parameter, ParameterGroup group, int number) : IDisposable
{
    const string Step = "step";

    readonly OrderedDictionary<string, Tensor> parts = [];
    Tensor? value, gradient;

    /// <summary>The leaf.</summary>
    public Tensor Parameter => parameter;

    /// <summary>Its group.</summary>
    public ParameterGroup Group => group;

    /// <summary>The rate of its group in this step.</summary>
    public double Rate => group.LearningRate;

    /// <summary>What is remembered, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Parts => parts;

    /// <summary>One of these.</summary>
    public Tensor this[string name] => parts[name];

    /// <summary>Its steps, with the one that is taken; where it counts them.</summary>
    public double Steps { get; private set; }

    /// <summary>Its values, to be moved in place; while it is open.</summary>
    public Tensor Value => value ?? throw new InvalidOperationException("a parameter is moved in its turn");

    /// <summary>Its gradient, to be left as it is; while it is open.</summary>
    public Tensor Gradient => gradient ?? throw new InvalidOperationException("a parameter is moved in its turn");

    /// <summary>The dtype in which it is moved, and of what is remembered.</summary>
    public ScalarType Dtype => parameter.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    bool IsWide => parameter.dtype == Dtype;

    /// <summary>Its gradient with weight decay in it.</summary>
    public Tensor Pulled(double decay) => Pull(Gradient, decay);

    /// <summary>A direction with weight decay in it.</summary>
    public Tensor Pull(Tensor direction, double decay)
    {
        if (decay == 0 || !group.Decays) return direction;
        return direction.add(group.DecaysToward == 0 ? Value : Value - group.DecaysToward, alpha: decay);
    }

    /// <summary>Takes weight decay off its values.</summary>
    /// <param name="share">The share that goes.</param>
    public void Decay(double share)
    {
        if (share == 0 || !group.Decays) return;
        Value.mul_(1 - share);
        if (group.DecaysToward != 0) Value.add_(share * group.DecaysToward);
    }

    /// <summary>Zeros of its shape.</summary>
    public Tensor Zeros() => Zeros(parameter.shape);

    /// <summary>Zeros of another shape.</summary>
    public Tensor Zeros(long[] shape) => zeros(shape, dtype: Dtype, device: parameter.device);

    /// <summary>A copy of its values.</summary>
    public Tensor Copy() => parameter.detach().to(Dtype, copy: true);

    /// <summary>The count of its steps.</summary>
    public static (string Name, Tensor Value) Counter() => (Step, zeros([], dtype: ScalarType.Float32, device: CPU));

    /// <summary>Begins to remember, where it does not yet.</summary>
    public void Remember(Func<TrainedParameter, IEnumerable<(string Name, Tensor Value)>> fresh)
    {
        if (parts.Count > 0) return;
        using var grad = no_grad();
        foreach (var (name, made) in fresh(this)) parts[name] = made.DetachFromDisposeScope();
    }

    /// <summary>Counts a step.</summary>
    public void Count()
    {
        if (!parts.TryGetValue(Step, out var steps)) return;
        steps.add_(1);
        Steps = steps.ToDouble();
    }

    /// <summary>Takes its turn in the scope that is open.</summary>
    public void Open()
    {
        value = IsWide ? parameter : parameter.to(Dtype);
        gradient = parameter.grad!.to(Dtype);
    }

    /// <summary>Ends its turn.</summary>
    /// <param name="moved">Whether its values were moved, and are to be written down.</param>
    /// <param name="step">Steps of the optimizer so far, from which chance is drawn.</param>
    public void Close(bool moved, long step)
    {
        if (moved && !IsWide) StochasticRounding.Store(Value, parameter, unchecked((ulong)step * 0x9E3779B97F4A7C15 + (ulong)number));
        value = gradient = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in parts.Values) part.Dispose();
        parts.Clear();
    }
}
