namespace Lowrank.Adapters;

/// <summary>
/// In which form a dialect's files hold parts: how they are read, how they are written, and what the shapes in a file say of the parts'.
/// What <see cref="Write"/> makes, <see cref="Read"/> takes back; what <see cref="Shapes"/> tells, <see cref="Read"/> has.
/// </summary>
/// <remarks>The layout itself is the plain one: files hold the parts as methods do.</remarks>
public class PartLayout
{
    /// <summary>Parts as methods hold them.</summary>
    public static PartLayout Plain { get; } = new();

    /// <summary>A target's parts as its method takes them.</summary>
    /// <param name="layer">Where they stand.</param>
    /// <param name="target">The target.</param>
    /// <param name="parts">As they stand in the file, shared ones included.</param>
    /// <param name="begin">The base's weight, and what the adapter's targets share.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public virtual StoredParts Read(
        FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin) => new(parts, begin: begin);

    /// <summary>The parts' shapes as their method has them, by the shapes in the file.</summary>
    /// <param name="layer">Where they stand.</param>
    /// <param name="shapes">By part, as they stand in the file.</param>
    public virtual IReadOnlyDictionary<string, long[]> Shapes(FiledLayer layer, IReadOnlyDictionary<string, long[]> shapes) => shapes;

    /// <summary>Whether parts of these shapes, as they stand in the file, may be a method's.</summary>
    /// <param name="method">The method.</param>
    /// <param name="shapes">By part.</param>
    public virtual bool Recognizes(MethodDescriptor method, IReadOnlyDictionary<string, long[]> shapes) => method.Recognizes(shapes);

    /// <summary>Whether a part is not written, because another place tells it.</summary>
    public virtual bool LeavesOut(Reparameterization made, string part) => false;

    /// <summary>
    /// What files of this layout cannot tell of what was made at a layer, though every part has a key; null where they tell all.
    /// </summary>
    public virtual string? Loses(Reparameterization made, IAdaptable layer)
    {
        if (!TellsInvocation && Within<Activated>(made) is not null) return "that a LoRA acts from its invocation tokens on (aLoRA)";
        bool scalesBias = layer.Bias is not null && Within<Ia3>(made) is { ScalesBias: true };
        return scalesBias ? "that the output's bias is scaled too (PEFT's IA3)" : null;
    }

    /// <summary>A part that has a key as it is written.</summary>
    /// <remarks>Whole factors of a LoKr have a scale in PEFT's folders alone: elsewhere it goes into the outer factor.</remarks>
    public virtual Tensor Write(Reparameterization made, string part, Tensor value)
    {
        if (part != "w1" || Within<Lokr>(made) is not { } lokr) return value;
        return lokr.ScaleOfWhole == 1 ? value : value * lokr.ScaleOfWhole;
    }

    /// <summary>Whether files tell from which tokens on a LoRA acts.</summary>
    private protected virtual bool TellsInvocation => false;

    /// <summary>What was made, out of its wrappers; null where it is none of these.</summary>
    internal static T? Within<T>(Reparameterization made) where T : Reparameterization =>
        made.modules().Prepend(made).OfType<T>().FirstOrDefault();

    /// <summary>Whether files tell every alpha beside the tensors, so that it needs neither a tensor nor a place in the factors.</summary>
    public virtual bool TellsAlpha => false;

    /// <summary>
    /// Alpha of a layer that files tell beside its tensors, over the rank; null where they tell it in a tensor, or not at all.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="rank">The rank of its factors.</param>
    public virtual double? AlphaBeside(FiledLayer layer, long rank) => null;

    /// <summary>What a layer does with its weight, as far as a file tells.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys">The keys of its parts.</param>
    /// <param name="axes">How many axes its kernel has.</param>
    public virtual LayerKind KindOf(FiledLayer layer, IEnumerable<string> keys, int axes) => axes switch
    {
        0 => LayerKind.Linear,
        1 => LayerKind.Conv1d,
        2 => LayerKind.Conv2d,
        _ => LayerKind.Conv3d,
    };

    /// <summary>Whether a layer only keeps a place in a file that numbers its layers, and is not adapted.</summary>
    public virtual bool IsFiller(IReadOnlyDictionary<string, Tensor> parts) => false;
}
