namespace Lowrank.Adapters;

/// <summary>What there is to know of a method without running it.</summary>
/// <param name="Name">Its name, as users write it.</param>
/// <param name="Paper">Where it is defined.</param>
/// <param name="Parts">Its tensors.</param>
/// <param name="Create">A fresh one that changes nothing yet.</param>
/// <param name="FromParts">One made of the tensors of a file.</param>
public sealed record MethodDescriptor(
    string Name, string Paper, IReadOnlyList<PartDescriptor> Parts,
    Func<Target, MethodOptions, Initialization, Reparameterization> Create,
    Func<Target, StoredParts, Reparameterization> FromParts)
{
    /// <summary>
    /// Why a target cannot be adapted with these options, as the end of a sentence ("a norm has no matrix"); null when it can.
    /// </summary>
    public Func<Target, MethodOptions, string?> Refuses { get; init; } = static (target, _) => MatrixOnly(target);

    /// <summary>What <see cref="Refuses"/> says where a method adapts every weight that is a matrix; null for those.</summary>
    public static string? MatrixOnly(Target target) =>
        target.Kind == LayerKind.Norm ? "a norm's weight is no matrix; methods norm and full adapt it" : null;

    /// <summary>
    /// What <see cref="Refuses"/> says where a method adapts linear layers alone, however they store their weight; null for those.
    /// </summary>
    public static string? LinearOnly(Target target) =>
        target.Kind is LayerKind.Linear or LayerKind.TransposedLinear ? null : "it is defined for linear layers alone";

    /// <summary>
    /// What a target of these options is given in place of what was asked, as "blocks of 10 channels in place of 8": a size that fits its
    /// channels. Null where it is what was asked.
    /// </summary>
    public Func<Target, MethodOptions, string?> Moves { get; init; } = static (_, _) => null;

    /// <summary>
    /// Names of options that act on nothing with this method, of those that are given: an alpha where nothing is scaled.
    /// </summary>
    /// <param name="options">The options.</param>
    public IEnumerable<string> Idle(MethodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!HasAlpha && options.Alpha is not (null or 0)) yield return "alpha";
        bool isScaled = HasAlpha && AlphaIsScale;
        if (options.RankStabilized && !isScaled) yield return "rank_stabilized";
    }

    /// <summary>Whether a fresh one changes the model a little: all of its parts begin random, by the method's design.</summary>
    public bool BeginsElsewhere { get; init; }

    /// <summary>Whether one can be made of a file's parts only where the base's weight is at hand.</summary>
    public bool TakesBase { get; init; }

    /// <summary>Whether what it adds depends on the input, so that no weight W' exists and nothing can be merged.</summary>
    public bool DependsOnInput { get; init; }

    /// <summary>Whether a layer may have lost all of its ranks, so that its parts are empty.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Whether alpha divided by the rank scales the change; of rotations alpha is a constraint.</summary>
    public bool AlphaIsScale { get; init; } = true;

    /// <summary>Whether a rank sizes it; else the rank that every method is given acts on nothing.</summary>
    public bool HasRank { get; init; } = true;

    /// <summary>Whether an alpha acts on it.</summary>
    public bool HasAlpha { get; init; } = true;

    /// <summary>The options that are asked of every method, as this method's own record.</summary>
    public Func<MethodOptions, MethodOptions> OwnOptions { get; init; } = static options => options;

    /// <summary>Options of its own, as a recipe writes them.</summary>
    public IReadOnlyList<MethodArgument> Arguments { get; init; } = [];

    /// <summary>Where files of two methods share part names: whether the shapes of parts are this one's.</summary>
    public Func<IReadOnlyDictionary<string, long[]>, bool> Recognizes { get; init; } = static _ => true;

    /// <summary>The method as which files hold it, where that is another: a DyLoRA is stored as a LoRA.</summary>
    public MethodDescriptor? StoredAs { get; init; }

    /// <summary>
    /// Of the parts that are there, those which take a learned scalar in when a file is written; their product with it is the change's.
    /// </summary>
    public Func<IReadOnlySet<string>, IReadOnlySet<string>> ScalarParts { get; init; } = static _ => new HashSet<string>();

    /// <summary>
    /// Of the parts that are there, those whose product is the change, if a limit of norms spreads over them: each takes a root. None lets
    /// <see cref="ScalarParts"/> take it whole. The second argument tells whether it spreads over a LoRA's factors too, as kohya's does.
    /// </summary>
    public Func<IReadOnlySet<string>, bool, IReadOnlyList<string>> Factors { get; init; } = static (_, _) => [];

    /// <summary>
    /// Lets one made by this method follow the noise of a batch, from 0, none, up to the number of timesteps, pure noise; null for those
    /// that do not.
    /// </summary>
    public Action<Reparameterization, double>? FollowNoise { get; init; }

    /// <summary>
    /// What acts beside the optimizer at every step of a training: of an adapter, the options of its first target of this method, and the
    /// number of steps; null for nothing.
    /// </summary>
    public Func<Adapter, MethodOptions, int, ITrainingRule>? Rule { get; init; }

    /// <summary>Which Python modules make such adapters; null where none does.</summary>
    public ModuleNames? Module { get; init; }

    /// <summary>How it takes dropouts: as LyCORIS where nobody says.</summary>
    public MethodDropouts Dropouts { get; init; } = new(DropoutStyle.Lycoris);

    /// <summary>The layer that parts are made for, by their shapes alone; null where they do not tell.</summary>
    public Func<IReadOnlyDictionary<string, long[]>, PartFacts?> Facts { get; init; } = static _ => null;
}
