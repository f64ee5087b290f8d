namespace Lowrank.Workbench;

/// <summary>Several adapter files in a loaded model's slots, attached in order and taken out together.</summary>
public sealed class AttachedAdapters : IDisposable
{
    readonly List<AttachedAdapter> all;

    /// <summary>Reads and attaches them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="choices">The files, in the order in which they are attached.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer are passed over.</param>
    /// <param name="shelf">Where they may have been kept, and are kept afterwards; null reads and frees them.</param>
    /// <exception cref="LowrankException">One does not fit the model; the model is left as it was.</exception>
    public AttachedAdapters(
        StableDiffusion model, IEnumerable<AdapterChoice> choices, bool allowUnmatched = false, AdapterShelf? shelf = null) =>
        all = AllOrNone.Open(choices, choice => new AttachedAdapter(model, choice, allowUnmatched, shelf));

    /// <summary>The adapters, in order.</summary>
    public IReadOnlyList<AttachedAdapter> All => all;

    /// <summary>Those that work at present.</summary>
    public IReadOnlyList<AttachedAdapter> Working => all.FindAll(adapter => adapter.Attachment.Active);

    /// <summary>
    /// Leaves of those that prompts' tags name only some at work, each as often as it is named.
    /// </summary>
    /// <param name="named">Those that work.</param>
    /// <param name="given">How many of all, at the beginning, no prompt names: they are as they are.</param>
    public void Use(IEnumerable<TaggedAdapter> named, int given)
    {
        var left = named.ToList();
        foreach (var adapter in all.Skip(given)) adapter.Attachment.Active = adapter.Choice is TaggedAdapter tagged && left.Remove(tagged);
    }

    /// <summary>What their readers want the user to know.</summary>
    public IReadOnlyList<string> Notes => [.. all.SelectMany(adapter => adapter.Notes)];

    /// <summary>What the files held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver => [.. all.SelectMany(adapter => adapter.PassedOver)];

    /// <summary>Whether the strength of any changes on the way.</summary>
    public bool FollowSteps => all.Exists(adapter => adapter.FollowsSteps);

    /// <summary>Gives each layer the strengths that it has in a step; does nothing where none change.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Of how many.</param>
    public void Begin(int step, int steps)
    {
        foreach (var adapter in all.Where(adapter => adapter.FollowsSteps)) adapter.Begin(step, steps);
    }

    /// <summary>The steps at which the text encoders become others, for those at work; null where they stay.</summary>
    public TextTurns? TextTurns
    {
        get
        {
            var turning = Working.Select(adapter => adapter.Choice).OfType<TaggedAdapter>()
                .Where(choice => choice.Tag.TextSchedule is not null).ToList();
            if (turning.Count == 0) return null;
            return new(
                steps => turning.SelectMany(choice => choice.TextTurns(steps)),
                (step, steps) => string.Join(' ', turning.Select(choice => PlainValue.Text(choice.TextAt(step, steps)))));
        }
    }

    /// <summary>Makes sure that each that works took part in what was computed.</summary>
    /// <exception cref="LowrankException">One did not.</exception>
    public void AssertUsed()
    {
        foreach (var adapter in Working) adapter.Attachment.AssertUsed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        all.ForEach(adapter => adapter.Dispose());
        all.Clear();
    }
}
