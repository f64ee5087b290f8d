namespace Lowrank;

/// <summary>What dropouts drop: programs that share the words mean different things by them.</summary>
public abstract class DropoutStyle
{
    private protected DropoutStyle(string name) => Name = name;

    /// <summary>sd-scripts, of a LoRA: single rank activations, and whole ranks for each sample, raised by 1/(1-p).</summary>
    public static DropoutStyle Kohya { get; } = new KohyaDropouts();

    /// <summary>LyCORIS where it builds the weight: rank dropout leaves out rows of the change, dropout does nothing.</summary>
    public static DropoutStyle Lycoris { get; } = new LycorisDropouts();

    /// <summary>LyCORIS in bypass mode: ranks of a LoRA and rows of other changes, and elements of what is added to the answer.</summary>
    public static DropoutStyle LycorisBypass { get; } = new LycorisBypassDropouts();

    /// <summary>PEFT, loralib and the paper: elements of what the adapter is asked, not of what the layer is.</summary>
    public static DropoutStyle Peft { get; } = new PeftDropouts();

    static readonly NamedList<DropoutStyle> list = new("dropout_style", style => [style.Name], Kohya, Lycoris, LycorisBypass, Peft);

    /// <summary>Every style.</summary>
    public static IReadOnlyList<DropoutStyle> All => list.All;

    /// <summary>The style of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static DropoutStyle Named(string name) => list.Named(name);

    /// <summary>Its name, as users write it.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Whether these options drop anything by it.</summary>
    internal abstract bool Drops(MethodOptions options);

    /// <summary>Whether a change that is dropped from is added to the layer's answer, rather than worked into its weight.</summary>
    internal virtual bool IsBeside => false;

    /// <summary>Δ (out, in·kh·kw) with what is dropped of it left out.</summary>
    internal virtual Tensor OfChange(Tensor delta, MethodDescriptor method, MethodOptions options) => delta;

    /// <summary>What the adapter is asked, with what is dropped of it left out.</summary>
    internal virtual Tensor OfInput(Tensor x, MethodOptions options) => x;

    /// <summary>A LoRA's rank activations with single ones of them left out.</summary>
    internal virtual Tensor OfActivations(Tensor low, MethodOptions options) => low;

    /// <summary>Which ranks stay, (batch or 1, rank), and by how much the rest is raised; null where no rank is dropped.</summary>
    internal virtual (Tensor Kept, double Raise)? Ranks(long batch, long rank, Tensor like, MethodOptions options) => null;

    /// <summary>What is added to the layer's answer, with what is dropped of it left out.</summary>
    internal virtual Tensor OfAnswer(Tensor added, MethodOptions options) => added;

    /// <summary>
    /// What is added to the layer's answer where the method has a road of its own to it; null runs the layer with Δ alone.
    /// </summary>
    internal virtual Tensor? Branch(AdditiveReparameterization inner, Tensor x, IAdaptable layer, double strength, MethodOptions options) =>
        null;

    /// <summary>Why a method cannot drop in this way what it is asked to, as a sentence; null where it can.</summary>
    internal abstract string? Refuses(MethodDescriptor method, MethodOptions options);

    /// <summary>What is said of a method whose ranks cannot be dropped in this way.</summary>
    internal virtual string HasNoRanks(MethodDescriptor method) => $"{method.Name} has no rank dropout";

    /// <summary>Elements of which a share is left out, and the rest raised by 1/(1-share).</summary>
    private protected static Tensor Without(double share, Tensor values) =>
        share > 0 ? nn.functional.dropout(values, share, training: true) : values;

    // What is said where DoRA builds the weight and nothing stands beside it.
    private protected const string DoraBuilds = "DoRA builds the weight, so that only rank dropout and module dropout can act on it";
}
