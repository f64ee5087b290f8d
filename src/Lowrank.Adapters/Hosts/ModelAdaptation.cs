namespace Lowrank;

/// <summary>What can be done with adapters on a model.</summary>
public static class ModelAdaptation
{
    /// <summary>Puts an adapter into the model's slots, after those that are there.</summary>
    /// <remarks>
    /// Parts that lie on another device than their layer move there and are new tensors: attach before making an optimizer.
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="strength">The user's multiplier; 0 gives exactly the base.</param>
    /// <param name="freezeBase">
    /// Whether every parameter of the model stops wanting gradients until its last adapter leaves; false freezes the adapted layers alone.
    /// </param>
    /// <exception cref="LowrankException">The adapter names a layer that the model lacks, or one layer by two names.</exception>
    public static Attachment Attach(this ModelDescription model, Adapter adapter, double strength = 1, bool freezeBase = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(adapter);
        return new(model, adapter, strength, freezeBase);
    }

    /// <summary>
    /// Puts a fresh adapter over the layers that a pattern chooses: the first of three lines, before training and
    /// <see cref="AdapterFile.Write"/>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="pattern">Which layers: <c>*</c> for all, a name, a glob, <c>/an expression/</c>, <c>kind:conv2d</c>,
    /// <c>class:Block</c>; several with commas. See <see cref="TargetPattern"/>.</param>
    /// <param name="options">The method's options, or those that are asked of every method.</param>
    /// <param name="method">The method; null means LoRA.</param>
    /// <param name="generator">Source of the random parts; null means the default one.</param>
    /// <param name="name">The adapter's name.</param>
    /// <param name="freezeBase">
    /// Whether every parameter of the model stops wanting gradients until its last adapter leaves; false freezes the adapted layers alone.
    /// </param>
    /// <returns>The attachment; its adapter is freed with it.</returns>
    /// <exception cref="LowrankException">A pattern chooses no layer that the method can adapt, or calls one by its name that it cannot.
    /// What a wildcard matches and the method leaves alone is in <see cref="Attachment.PassedOver"/>.</exception>
    public static Attachment Adapt(
        this ModelDescription model, string pattern, MethodOptions options, MethodDescriptor? method = null,
        Generator? generator = null, string name = "adapter", bool freezeBase = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(name);
        method ??= Lora.Descriptor;
        var own = AdapterFactory.OwnOptions(method, options);
        var choice = LayerChoice.Of(model, pattern, null, target => method.Refuses(target, own));
        var adapter = AdapterFactory.Create(model, choice.Targets, method, options, generator, name);
        return new Attachment(model, adapter, 1, freezeBase, ownsAdapter: true) { PassedOver = choice.PassedOver };
    }

    /// <summary>
    /// Works every attached adapter into the weights, in float32, and keeps the original bits. All layers are merged or none.
    /// </summary>
    /// <remarks>
    /// Until <see cref="Unmerge"/> a merged adapter cannot be detached or change its strength; one attached meanwhile comes on top.
    /// A weight that several layers share (<see cref="ModelDescription.TiedWeights"/>) can be merged where every one of them is adapted and
    /// all would have the same weight.
    /// </remarks>
    /// <exception cref="LowrankException">The model is merged already, a block that switches adapters is open, a value has no place in a
    /// weight's dtype, or layers that share a weight would need different ones.</exception>
    public static void Merge(this ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        PromptHost.RefuseMerging(PromptHost.On(model).Where(one => one.Active));
        new ModelMerge(model).Merge(_ => true);
    }

    /// <summary>Works some of the attached adapters into the weights; the others stay beside.</summary>
    /// <param name="model">The model, not merged.</param>
    /// <param name="attachments">Those that are merged, at least one.</param>
    /// <exception cref="LowrankException">As for <see cref="Merge(ModelDescription)"/>; one is not on the model; or one that stays beside
    /// came before one that is merged, and they do not add up.</exception>
    public static void Merge(this ModelDescription model, params IReadOnlyList<Attachment> attachments)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(attachments);
        new ModelMerge(model).Merge(attachments);
    }

    /// <summary>Gives every merged layer its original bits back.</summary>
    /// <param name="model">The model.</param>
    /// <param name="discardEdits">Whether weights that were written into since merging are lost rather than an error.</param>
    /// <exception cref="LowrankException">A weight or bias was written into, be it with the values that it had, as a load of the merged
    /// weights does or a call of an embedding with <c>max_norm</c>, or it was replaced; nothing has changed then.</exception>
    public static void Unmerge(this ModelDescription model, bool discardEdits = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        new ModelMerge(model).Unmerge(discardEdits);
    }

    /// <summary>Whether a block is open around the caller that says which adapters its calls have, of whatever model: one of
    /// <see cref="WithoutAdapters"/>, <see cref="PerRow"/>, Using or <see cref="Attachment.Disabled"/>.</summary>
    public static bool IsInBlock => CallChoice.IsMade;

    /// <summary>
    /// Leaves every attached adapter out of the calls made within the block; outside of it, on other threads too, each is as its switch
    /// says. One attached meanwhile works. Blocks may lie in one another.
    /// </summary>
    /// <remarks>The choice flows with the call, over tasks and awaits; the block is disposed of where it was opened.</remarks>
    /// <returns>The block, to be disposed of.</returns>
    /// <exception cref="LowrankException">The model is merged.</exception>
    public static IDisposable WithoutAdapters(this ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new PausedAdapters(Hosts(model).SelectMany(host => host.Entries), PromptHost.On(model));
    }

    /// <summary>Gives each row of a batch its own adapter, and no other, in the calls made within the block.</summary>
    /// <remarks>
    /// The choice flows with the call, over tasks and awaits; what runs at the same time outside of the block has its own.
    /// Rows are counted along the first axis of what the layers are given; a layer that sees another number of rows refuses. The base runs
    /// once over the whole batch; an adapter whose change is a branch beside the layer (LoRA) runs that on its rows alone, any other runs
    /// its rows with its own weight.
    /// An adapter works at its strength, and not at all where it is switched off. A block inside another takes its place; within one no
    /// adapter is attached, detached or merged.
    /// The block must still be open in backward where activations are computed again there.
    /// </remarks>
    /// <param name="model">The model, not merged.</param>
    /// <param name="rows">One attachment for each row; null leaves a row to the base.</param>
    /// <returns>The block, to be disposed of.</returns>
    /// <exception cref="LowrankException">No rows, a merged model, or an attachment that is not on this model.</exception>
    public static IDisposable PerRow(this ModelDescription model, IReadOnlyList<Attachment?> rows)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.FirstOrDefault(one => one?.Adapter.Prompt is not null) is { } prompted)
            throw new LowrankException($"{prompted.Name} puts virtual tokens before a row, and the rows of a batch are as long as each " +
                "other: run its rows on their own");
        return new RowPlans([.. Hosts(model)], rows, PromptHost.On(model));
    }

    /// <summary>
    /// Chooses the one adapter that works in the calls made within the block, whatever is switched on elsewhere; what runs at the same time
    /// outside of it has its own choice.
    /// </summary>
    /// <remarks>The choice flows with the call, over tasks and awaits. Blocks may lie in one another; the innermost counts.</remarks>
    /// <param name="model">The model, not merged.</param>
    /// <param name="attachment">The adapter.</param>
    /// <param name="strength">Its strength here; null leaves it its own.</param>
    /// <returns>The block, to be disposed of where it was opened.</returns>
    /// <exception cref="LowrankException">It is not attached, or the model is merged.</exception>
    public static IDisposable Using(this ModelDescription model, Attachment attachment, double? strength = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(attachment);
        return new ChosenAdapters(model, [(attachment, strength)]);
    }

    /// <summary>The same by the adapter's name.</summary>
    /// <param name="model">The model, not merged.</param>
    /// <param name="name">The name of an adapter that is attached.</param>
    /// <param name="strength">Its strength here; null leaves it its own.</param>
    /// <exception cref="LowrankException">None or several of the attached have that name, or the model is merged.</exception>
    public static IDisposable Using(this ModelDescription model, string name, double? strength = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var entries = Hosts(model).SelectMany(host => host.Entries);
        var attached = entries.Select(entry => entry.Attachment).OfType<Attachment>().Distinct().ToList();
        if (attached.FindAll(one => one.Adapter.Name == name) is [var only]) return model.Using(only, strength);
        string names = attached.Count == 0 ? "none is attached" : string.Join(", ", attached.Select(one => one.Adapter.Name));
        throw new LowrankException($"\"{name}\" is not the name of one attached adapter: {names}");
    }

    /// <summary>The same with several adapters, each at a strength.</summary>
    /// <param name="model">The model, not merged.</param>
    /// <param name="chosen">The adapters with their strengths; none runs the base alone.</param>
    public static IDisposable Using(this ModelDescription model, params IReadOnlyList<(Attachment Attachment, double Strength)> chosen)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(chosen);
        return new ChosenAdapters(model, [.. chosen.Select(one => (one.Attachment, (double?)one.Strength))]);
    }

    /// <summary>Makes several switches together: a call sees all of them or none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="switches">Sets strengths, switches on and off, attaches and detaches.</param>
    public static void Together(this ModelDescription model, Action switches)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(switches);
        HostChange.Make(_ => switches());
    }

    internal static IEnumerable<AdaptedLayer> Hosts(ModelDescription model) =>
        model.Components.SelectMany(c => c.Targets).Select(t => t.Layer.Host).OfType<AdaptedLayer>()
            .Where(host => host.Entries.Any());
}
