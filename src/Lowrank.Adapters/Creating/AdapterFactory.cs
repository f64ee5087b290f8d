namespace Lowrank.Adapters;

/// <summary>Makes fresh adapters, which change nothing until they are trained.</summary>
public static class AdapterFactory
{
    /// <summary>A fresh adapter over <paramref name="targets"/> of a model.</summary>
    /// <param name="model">The model; methods that begin with the base's weights (DoRA, PiSSA) read them here.</param>
    /// <param name="targets">What is adapted, at least one, with its method and options.</param>
    /// <param name="generator">Source of the random parts; null means the default one.</param>
    /// <param name="name">The adapter's name.</param>
    /// <exception cref="LowrankException">No target, options out of their ranges, or targets that the method cannot adapt.</exception>
    public static Adapter Create(
        ModelDescription model, IEnumerable<PlannedTarget> targets, Generator? generator = null, string name = "adapter") =>
        Create(model, targets, null, generator, name);

    /// <summary>The same where some of the targets begin with what their layers were asked (EVA, CorDA).</summary>
    /// <param name="model">The model.</param>
    /// <param name="targets">What is adapted.</param>
    /// <param name="inputs">What was seen in a few batches.</param>
    /// <param name="generator">Source of the random parts; null means the default one.</param>
    /// <param name="name">The adapter's name.</param>
    public static Adapter Create(
        ModelDescription model, IEnumerable<PlannedTarget> targets, InputRecorder? inputs, Generator? generator = null,
        string name = "adapter")
    {
        var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
        return Create(targets, target => layers[target.Path], generator, name, inputs);
    }

    /// <summary>A fresh adapter with the same method and options on every target of a model.</summary>
    public static Adapter Create(
        ModelDescription model, IEnumerable<Target> targets, MethodDescriptor method, MethodOptions options, Generator? generator = null,
        string name = "adapter") =>
        Create(model, targets.Select(target => new PlannedTarget(target, method, options)), generator, name);

    /// <summary>A fresh adapter over <paramref name="targets"/> alone, for methods that do not ask for the base's weights.</summary>
    public static Adapter Create(
        IEnumerable<Target> targets, MethodDescriptor method, Func<Target, MethodOptions> options, Generator? generator = null,
        string name = "adapter") =>
        Create(targets.Select(target => new PlannedTarget(target, method, options(target))), null, generator, name);

    /// <summary>A fresh LoRA with the same options on every target.</summary>
    public static Adapter Create(IEnumerable<Target> targets, LoraOptions options, Generator? generator = null, string name = "adapter") =>
        Create(targets, Lora.Descriptor, _ => options, generator, name);

    static Adapter Create(
        IEnumerable<PlannedTarget> targets, Func<Target, IAdaptable>? layerOf, Generator? generator, string name,
        InputRecorder? inputs = null)
    {
        List<PlannedTarget> chosen = [.. targets.Select(plan => plan with { Options = OwnOptions(plan.Method, plan.Options) })];
        if (chosen.Count == 0)
            throw new LowrankException("no layer was chosen to be adapted. Choose components and layers that the model has.");
        foreach (var plan in chosen) Check(plan);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var ofMethod = chosen.ToLookup(plan => plan.Method, plan => plan.Target);
        var shared = ofMethod.ToDictionary(group => group.Key, group => new SharedParts([.. group]));
        var made = new List<Reparameterization>();
        try
        {
            foreach (var plan in chosen)
                made.Add(Make(plan, Begin(plan.Target, layerOf, generator, shared[plan.Method], inputs)));
        }
        catch
        {
            made.ForEach(m => m.Dispose());
            throw;
        }
        return new Adapter(name, made) { Notes = MovedSizes(chosen) };
    }

    /// <summary>
    /// What layers get in place of what was asked, a sentence for each size: blocks of rotations, whose size fits the layer's width. A
    /// fresh adapter has them among its <see cref="Adapter.Notes"/>.
    /// </summary>
    /// <param name="targets">What is to be adapted.</param>
    public static IReadOnlyList<string> MovedSizes(IEnumerable<PlannedTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var moved = targets
            .Select(plan => (plan.Method, plan.Target, What: plan.Method.Moves(plan.Target, OwnOptions(plan.Method, plan.Options))))
            .Where(one => one.What is not null);
        return
        [
            .. from one in moved
               group one.Target by (one.Method.Name, one.What) into layers
               select $"{layers.Key.Name}: {Some([.. layers])} {layers.Key.What}, to fit the width",
        ];
    }

    /// <summary>A method's own options of those that were given.</summary>
    /// <exception cref="LowrankException">They are another method's.</exception>
    internal static MethodOptions OwnOptions(MethodDescriptor method, MethodOptions given)
    {
        var own = method.OwnOptions(given);
        var kind = method.OwnOptions(new MethodOptions(given.Rank, given.Alpha)).GetType();
        bool isForeign = given.GetType() != typeof(MethodOptions) && !kind.IsInstanceOfType(given);
        if (isForeign)
            throw new LowrankException($"{method.Name} takes {kind.Name}, and was given another method's {given.GetType().Name}; " +
                $"{nameof(MethodOptions)} hold what is asked of every method.");
        return Dropouts.Resolved(method, own);
    }

    /// <summary>Why a method cannot be trained with the dropouts that it is asked for; null where it can.</summary>
    public static string? RefusesDropouts(MethodDescriptor method, MethodOptions options)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(options);
        return Dropouts.Refuses(method, options);
    }

    static string Some(List<Target> layers) =>
        layers.Count == 1 ? $"{layers[0].Path} has" : $"{layers.Count} layers, such as {layers[0].Path}, have";

    static void Check(PlannedTarget plan)
    {
        var (target, method, options) = plan;
        var faults = options.Faults().ToList();
        if (faults.Count > 0) throw new LowrankException($"{string.Join("; ", faults)}, at {target}");
        if (method.Refuses(target, options) is { } reason)
            throw new LowrankException($"{method.Name} cannot adapt {target}: {reason}");
    }

    static Reparameterization Make(PlannedTarget plan, Initialization begin)
    {
        var (target, method, options) = plan;
        if (Dropouts.Refuses(method, options) is { } reason) throw new LowrankException($"{reason}. At {target}");
        return Wrappers.Around(method.Create(target, options, begin), options, begin);
    }

    static Initialization Begin(
        Target target, Func<Target, IAdaptable>? layerOf, Generator? generator, SharedParts shared, InputRecorder? inputs)
    {
        if (layerOf is null) return new Initialization(generator, shared: shared);
        return new Initialization(generator, Weight, shared, Bias) { Seen = inputs is null ? null : inputs.Of };

        Tensor Weight() => target.ToMatrix(layerOf(target).Weight.Dense().detach()).to(ScalarType.Float32);

        Tensor? Bias() => layerOf(target).Bias?.detach().to(ScalarType.Float32);
    }
}
