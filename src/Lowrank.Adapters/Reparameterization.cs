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

    /// <summary>The adapted weight. This is the formula: merging, exporting, previewing and testing call it.</summary>
    /// <param name="weight">W as a matrix (out, in·kh·kw), float32 or wider.</param>
    /// <param name="strength">The user's multiplier; 0 gives W back.</param>
    public abstract Tensor Apply(Tensor weight, double strength);

    /// <summary>The adapted layer's answer: the same as running it with <see cref="Apply"/>, by a cheaper road where one exists.</summary>
    public virtual Tensor Forward(Tensor x, IAdaptable layer, double strength) => RunApplied(x, layer, [(this, strength)]);

    /// <summary>Whether it leaves itself out of this call, by chance, while training (module dropout).</summary>
    public virtual bool SitsOut() => false;

    /// <summary>Whether the adapted answer is the layer's own plus a <see cref="Branch"/>, so that several adapters add up.</summary>
    public virtual bool HasBranch => false;

    /// <summary>What is added to the layer's own answer, in that answer's dtype.</summary>
    public virtual Tensor Branch(Tensor x, IAdaptable layer, double strength) =>
        throw new NotSupportedException($"{Method.Name} has no branch beside the layer");

    /// <summary>The parts as a file holds them, float32, in the method's order; alpha is a scalar.</summary>
    public abstract IReadOnlyList<(string Part, Tensor Value)> Parts { get; }

    /// <summary>The parts that training moves: leaves that want a gradient.</summary>
    public IEnumerable<Tensor> Trainable => parameters().Where(p => p.requires_grad);

    /// <summary>The weight taken through each reparameterization in order, in float32 or wider, in the shape in which the layer stores it.</summary>
    internal static Tensor Applied(Tensor weight, IReadOnlyList<(Reparameterization Reparameterization, double Strength)> list)
    {
        var target = list[0].Reparameterization.Target;
        var matrix = target.ToMatrix(weight);
        if (matrix.dtype != ScalarType.Float64) matrix = matrix.to(ScalarType.Float32);
        foreach (var (reparameterization, strength) in list) matrix = reparameterization.Apply(matrix, strength);
        return target.FromMatrix(matrix);
    }

    /// <summary>The layer's answer with its weight taken through each reparameterization in order.</summary>
    internal static Tensor RunApplied(
        Tensor x, IAdaptable layer, IReadOnlyList<(Reparameterization Reparameterization, double Strength)> list) =>
        layer.Run(x, Applied(layer.Weight, list).to(layer.Weight.dtype));
}
