namespace Lowrank.Adapters;

/// <summary>A method at one target: W' = f(W, parts).</summary>
public abstract class Reparameterization : nn.Module
{
    /// <summary>A reparameterization of <paramref name="target"/>.</summary>
    protected Reparameterization(MethodDescriptor method, Target target) : base(method.Name) => (Method, Target) = (method, target);

    /// <summary>The method.</summary>
    public MethodDescriptor Method { get; }

    /// <summary>The weight that is adapted.</summary>
    public Target Target { get; }

    /// <summary>The options it was made with, or those that its file tells; null where it keeps none.</summary>
    public virtual MethodOptions? Settings => null;

    /// <summary>What a strength other than 1 means; <see cref="StrengthRule.Interpolate"/> unless said otherwise.</summary>
    public virtual StrengthRule StrengthRule { get; set; }

    /// <summary>The adapted weight. This is the formula: merging, exporting, previewing and testing call it.</summary>
    /// <param name="weight">W as a matrix (out, in·kh·kw), float32 or wider.</param>
    /// <param name="strength">The user's multiplier; 0 gives W back.</param>
    public abstract Tensor Apply(Tensor weight, double strength);

    /// <summary>Whether what it changes depends on the input, so that no weight can hold it.</summary>
    public virtual bool DependsOnInput => Method.DependsOnInput;

    /// <summary>The tokens after whose last place in a row it acts; none where it acts on the whole row.</summary>
    public virtual IReadOnlyList<long> Invocation => [];

    /// <summary>Whether the weight is adapted, rather than a bias alone.</summary>
    internal virtual bool AdaptsWeight => true;

    /// <summary>What weight decay draws its own parameters to, not those of what it is put around. Default 0.</summary>
    public virtual double DecaysToward => 0;

    /// <summary>Whether the bias is adapted too.</summary>
    public virtual bool AdaptsBias => false;

    /// <summary>
    /// The adapted bias (out), float32 or wider; the layer's own, null where it has none, unless <see cref="AdaptsBias"/>.
    /// </summary>
    public virtual Tensor? ApplyBias(Tensor? bias, double strength) => bias;

    /// <summary>Whether the adapted bias depends on the weight too, see <see cref="ApplyBias(Tensor?, Tensor, double)"/>.</summary>
    public virtual bool BiasTakesWeight => false;

    /// <summary>The adapted bias where it depends on the weight.</summary>
    /// <param name="bias">The layer's own, float32 or wider; null where it has none.</param>
    /// <param name="weight">W as a matrix (out, in·kh·kw), float32 or wider, as <see cref="Apply"/> takes it.</param>
    /// <param name="strength">The user's multiplier; 0 gives the layer's own.</param>
    public virtual Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength) => ApplyBias(bias, strength);

    /// <summary>The adapted layer's answer: the same as running it with <see cref="Apply"/>, by a cheaper road where one exists.</summary>
    public virtual Tensor Forward(Tensor x, IAdaptable layer, double strength) => RunApplied(x, layer, [(this, strength)]);

    /// <summary>
    /// Whether chance is at work: it was not switched off (<see cref="Adapter.Train"/>), and the layer that asks is in training mode.
    /// </summary>
    public override bool training => base.training && LayerMode.IsTraining;

    /// <summary>Whether chance acts on this call beside the weight that <see cref="Apply"/> gives, so that the weight alone would lose
    /// it.</summary>
    internal virtual bool DropsBeside => false;

    /// <summary>Whether infinity is a value of its parts like any other: of logits it leaves a choice out.</summary>
    internal virtual bool HoldsInfinity => false;

    /// <summary>Chance that it leaves itself out of a call while training, 0 ≤ p &lt; 1.</summary>
    public double ModuleDropout { get; set; }

    /// <summary>
    /// Whether the layer is linear, however it stores its weight, and holds it in x's dtype: what the shorter roads ask for.
    /// </summary>
    protected bool RunsAsLinear(IAdaptable layer, Tensor x) =>
        Target.Kind is LayerKind.Linear or LayerKind.TransposedLinear && layer.Weight.IsHeldAs(x.dtype);

    /// <summary>The layer's bias in x's dtype.</summary>
    protected static Tensor? BiasLike(IAdaptable layer, Tensor x) =>
        layer.Bias is { } bias && bias.dtype != x.dtype ? bias.to(x.dtype) : layer.Bias;

    /// <summary>Whether it leaves itself out of this call, by chance, while training (module dropout).</summary>
    public virtual bool SitsOut() => training && ModuleDropout > 0 && rand(1, device: CPU).ToSingle() < ModuleDropout;

    /// <summary>The same; an optimizer is told of it, whose step may find no gradient then.</summary>
    internal bool SitsOutOfCall()
    {
        if (!SitsOut()) return false;
        foreach (var part in Trainable) TrainedParts.LeaveOut(part);
        return true;
    }

    /// <summary>Whether the adapted answer is the layer's own plus a <see cref="Branch"/>, so that several adapters add up.</summary>
    public virtual bool HasBranch => false;

    /// <summary>What is added to the layer's own answer, in that answer's dtype.</summary>
    public virtual Tensor Branch(Tensor x, IAdaptable layer, double strength) =>
        throw new NotSupportedException($"{Method.Name} has no branch beside the layer");

    /// <summary>The factors of a <see cref="Branch"/> that is their product and nothing else in this call; null for any other: several of
    /// them are computed as one.</summary>
    internal virtual ThinFactors? Thin => null;

    /// <summary>The size of the change, which a limit of norms keeps small; null where the method has none.</summary>
    /// <param name="weight">Gives W as a matrix, float32, where the change depends on it.</param>
    public virtual double? ChangeNorm(Func<Tensor> weight) => null;

    /// <summary>Multiplies the change by <paramref name="ratio"/>, in the trained parts themselves.</summary>
    /// <param name="ratio">From 0 to 1.</param>
    /// <param name="spread">Whether a LoRA's factors each take a root of it (kohya); else one of them takes it whole, as a learned scalar
    /// would (LyCORIS).</param>
    public virtual void Shrink(double ratio, bool spread) => throw new NotSupportedException($"{Method.Name} has no norm to limit");

    /// <summary>The parts as a file holds them, float32, in the method's order; alpha is a scalar.</summary>
    public abstract IReadOnlyList<(string Part, Tensor Value)> Parts { get; }

    /// <summary>The parts that training moves: leaves that want a gradient.</summary>
    public IEnumerable<Parameter> Trainable => parameters().Where(p => p.requires_grad);

    /// <summary>Where its parts lie; null for one that has none of its own.</summary>
    internal Device? Device => parameters().Concat(buffers()).FirstOrDefault()?.device;

    /// <summary>Takes a part over as a trained float32 tensor of the given shape, under its name.</summary>
    protected Parameter Train(string name, Tensor value, params long[] shape)
    {
        // A handle of its own: the module outlives the scope in which the file was read.
        using var scope = NewDisposeScope();
        var own = value.dtype == ScalarType.Float32 ? value.detach().clone() : value.detach().to(ScalarType.Float32);
        var master = new Parameter(own.reshape(shape).contiguous().DetachFromDisposeScope());
        register_parameter(name, master);
        ParameterNames.Set(master, $"{Target.Path}/{name}");
        return master;
    }

    /// <summary>Takes a part over that training does not move, in its dtype; it moves between devices with the module.</summary>
    protected Tensor Keep(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        var kept = value.detach().clone().DetachFromDisposeScope();
        register_buffer(name, kept);
        return kept;
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        TensorFields.Follow(this, () => base._toEpilog(dtype, device, non_blocking));
        foreach (var (name, parameter) in named_parameters(recurse: false)) ParameterNames.Set(parameter, $"{Target.Path}/{name}");
    }

    /// <summary>Holds a part that other targets hold too.</summary>
    protected SharedPart Hold(string name, SharedPart part)
    {
        register_module(name, part);
        return part;
    }

    /// <summary>
    /// The weight taken through each reparameterization in order, in float32 or wider, in the shape in which the layer stores it.
    /// </summary>
    /// <param name="weight">The layer's.</param>
    /// <param name="list">What it is taken through.</param>
    /// <param name="overwrites">Whether nobody else needs the weight's memory.</param>
    internal static Tensor Applied(
        Tensor weight, IReadOnlyList<(Reparameterization Reparameterization, double Strength)> list, bool overwrites = false)
    {
        var target = list[0].Reparameterization.Target;
        return target.FromMatrix(Matrix(weight, list, overwrites));
    }

    static Tensor Matrix(Tensor weight, IEnumerable<(Reparameterization Reparameterization, double Strength)> list, bool overwrites)
    {
        var stored = list.First().Reparameterization.Target.ToMatrix(weight);
        var matrix = Wide(stored);
        // Memory of a weight's size that was never used costs more than the products: what nobody else has is worked in.
        bool isOurs = overwrites || !ReferenceEquals(matrix, stored);
        bool isTold = is_grad_enabled();
        foreach (var (one, strength) in list)
        {
            matrix = isOurs && !isTold ? one.ApplyOver(matrix, strength) : one.Apply(matrix, strength);
            isOurs = true;
        }
        return matrix;
    }

    /// <summary>What <see cref="Apply"/> gives, in the memory of a matrix that nobody else needs, where that saves any.</summary>
    internal virtual Tensor ApplyOver(Tensor matrix, double strength) => Apply(matrix, strength);

    /// <summary>The bias taken through each reparameterization in order, in float32 or wider.</summary>
    /// <param name="bias">The layer's; null where it has none.</param>
    /// <param name="weight">Gives the layer's weight to those that ask for it, which most do not.</param>
    /// <param name="list">The reparameterizations, with their strengths.</param>
    internal static Tensor? AppliedBias(
        Tensor? bias, Func<Tensor> weight, IReadOnlyList<(Reparameterization Reparameterization, double Strength)> list)
    {
        var adapted = bias is null ? null : Wide(bias);
        for (int i = 0; i < list.Count; i++)
        {
            var (one, strength) = list[i];
            if (one.BiasTakesWeight)
            {
                var matrix = i == 0 ? Wide(one.Target.ToMatrix(weight())) : Matrix(weight(), list.Take(i), overwrites: false);
                adapted = one.ApplyBias(adapted, matrix, strength);
            }
            else adapted = one.ApplyBias(adapted, strength);
        }
        return adapted;
    }

    /// <summary>A tensor in float32, or float64 where it is.</summary>
    private protected static Tensor Wide(Tensor value) =>
        value.dtype is ScalarType.Float64 or ScalarType.Float32 ? value : value.to(ScalarType.Float32);

    /// <summary>Throws where a weight is to be built again and its values are others by now.</summary>
    internal static void RefuseExchanged(IAdaptable layer, long exchanges, Target? target)
    {
        if (layer.Weight.Exchanges == exchanges) return;
        throw new LowrankException($"{target} was merged or unmerged between a forward pass and its backward pass; do it after the step");
    }

    /// <summary>The layer's answer with its weight and bias taken through each reparameterization in order.</summary>
    internal static Tensor RunApplied(
        Tensor x, IAdaptable layer, IReadOnlyList<(Reparameterization Reparameterization, double Strength)> list)
    {
        // In the dtype that is computed in, which a base stored in half precision does not have.
        var dtype = x.is_floating_point() ? x.dtype : layer.Weight.Dtype;
        bool ofBias = list.Any(entry => entry.Reparameterization.AdaptsBias);
        long exchanges = layer.Weight.Exchanges;
        bool trains = LayerMode.IsTraining;   // on the way back too, whatever the model's mode is by then
        return BuiltWeight.Run(x, [.. list.SelectMany(entry => entry.Reparameterization.Trainable)], Built, layer.Run);

        (Tensor, Tensor?) Built()
        {
            using var mode = LayerMode.Of(trains);
            RefuseExchanged(layer, exchanges, list[0].Reparameterization.Target);
            var weight = Applied(layer.Weight.Dense(), list).to(dtype);
            return (weight, ofBias ? AppliedBias(layer.Bias, layer.Weight.Dense, list)?.to(dtype) : layer.Bias);
        }
    }
}
