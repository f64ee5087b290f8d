namespace Lowrank.Adapters;

/// <summary>Sits in a model's seat for virtual tokens and gives those of the adapter that works in the call under way.</summary>
sealed class PromptHost : IPromptHost
{
    readonly IPromptedModel model;
    volatile IReadOnlyList<Attachment> attachments = [];   // exchanged, never changed

    PromptHost(IPromptedModel model) => this.model = model;

    /// <summary>The adapters of virtual tokens on a model.</summary>
    public static IReadOnlyList<Attachment> On(ModelDescription model) =>
        [.. model.Components.SelectMany(component => Of(component.Module)?.attachments ?? [])];

    static PromptHost? Of(nn.Module module) => (module as IPromptedModel)?.Prompts as PromptHost;

    /// <summary>Puts an adapter's virtual tokens before the rows of a model.</summary>
    /// <exception cref="LowrankException">The model takes none, or others.</exception>
    public static void Add(ModelDescription model, Attachment attachment)
    {
        var prompt = attachment.Adapter.Prompt!;
        if (model.Components.Select(component => component.Module).OfType<IPromptedModel>().FirstOrDefault() is not { } seat)
            throw new LowrankException($"{attachment.Adapter.Name} puts virtual tokens before every row, and the model takes none");
        if (prompt.Misfit(seat.PromptShape) is { } misfit) throw new LowrankException($"{attachment.Adapter.Name}: {misfit}");
        var host = seat.Prompts switch
        {
            null => new PromptHost(seat),
            PromptHost known => known,
            var other => throw new LowrankException(
                $"the model's virtual tokens are given by a {other.GetType().Name}; take that out first"),
        };
        if (((nn.Module)seat).parameters().FirstOrDefault() is { } weight) prompt.to(weight.device);
        host.attachments = [.. host.attachments, attachment];
        seat.Prompts = host;
    }

    /// <summary>Takes an adapter's virtual tokens away.</summary>
    public static void Remove(ModelDescription model, Attachment attachment)
    {
        foreach (var component in model.Components)
        {
            if (Of(component.Module) is not { } host) continue;
            host.attachments = [.. host.attachments.Where(one => one != attachment)];
            if (host.attachments.Count == 0) host.model.Prompts = null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LowrankException">Several adapters would put their own before the same rows.</exception>
    public VirtualTokens? Now()
    {
        var working = attachments.Where(CallChoice.Works).ToList();
        if (working.Count > 1)
            throw new LowrankException($"{string.Join(" and ", working.Select(one => one.Name))} both put virtual tokens before every " +
                "row, and each was trained as the first: switch one of them off");
        return working.Count == 0 ? null : working[0].Adapter.Prompt!.For(model.PromptShape);
    }

    /// <summary>Throws where adapters of virtual tokens are to be merged.</summary>
    public static void RefuseMerging(IEnumerable<Attachment> attachments)
    {
        if (attachments.FirstOrDefault(one => one.Adapter.Prompt is not null) is { } prompted)
            throw VirtualPrompt.Unmergeable(prompted.Adapter.Name);
    }
}
