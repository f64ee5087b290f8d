using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>An adapter file in a loaded model's slots.</summary>
public sealed class AttachedAdapter : IDisposable
{
    readonly Adapter adapter;
    readonly AdapterChoice choice;
    readonly Stack<IDisposable> held = [];
    readonly List<string> notes = [];

    /// <summary>Reads the file, attaches it, and teaches the model the words that it brings.</summary>
    /// <exception cref="LowrankException">
    /// It does not fit the model; the message says what it looks made for. The model is left as it was.
    /// </exception>
    public AttachedAdapter(StableDiffusion model, AdapterChoice choice, bool allowUnmatched = false)
    {
        this.choice = choice;
        using var file = WidenedAdapter.Open(choice.Path, model);
        adapter = AdapterFile.Read(file, model.Describe(), allowUnmatched);
        held.Push(adapter);
        try
        {
            if ((choice as TaggedAdapter)?.Tag.Rank is { } rank) Cut(rank);
            Attachment = model.Describe().Attach(adapter, choice.Strength);
            held.Push(Attachment);
            Begin(0, 1);
            foreach (var word in adapter.Embeddings) held.Push(model.Teach(word.Name, word.Vectors));
            if (choice is TaggedAdapter { Tag.Unread: { Count: > 0 } unread })
                notes.Add($"{choice.Path}: of its tag {string.Join(", ", unread)} means nothing");
            Tag = (choice as TaggedAdapter)?.Tag.Text
                ?? string.Create(CultureInfo.InvariantCulture, $"<lora:{adapter.Name}:{choice.Strength}>");
            Hash = WebUiAdapter.Of(AdapterPlace.TensorsOf(choice.Path)).ShortHash;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was asked for.</summary>
    public AdapterChoice Choice => choice;

    /// <summary>Its place in the model.</summary>
    public Attachment Attachment { get; }

    /// <summary>The file's name without ending.</summary>
    public string Name => adapter.Name;

    /// <summary>What is written in the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => adapter.Metadata;

    /// <summary>As a prompt of AUTOMATIC1111 names it: &lt;lora:ink:0.8&gt;.</summary>
    public string Tag { get; }

    /// <summary>The 12 digits by which AUTOMATIC1111 tells files apart.</summary>
    public string Hash { get; }

    /// <summary>Words that it brings.</summary>
    public IEnumerable<string> Words => adapter.Embeddings.Select(word => word.Name);

    /// <summary>What the reader wants the user to know.</summary>
    public IReadOnlyList<string> Notes => [.. adapter.Notes, .. notes];

    /// <summary>What the file held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver => adapter.PassedOver;

    /// <summary>Whether its strength changes on the way, so that it must be told of steps.</summary>
    public bool FollowsSteps => choice is TaggedAdapter { FollowsSteps: true };

    /// <summary>Gives each layer the strength that it has in a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Of how many.</param>
    public void Begin(int step, int steps)
    {
        if (choice is TaggedAdapter tagged) Attachment.SetStrengths(place => tagged.At(place, step, steps));
    }

    void Cut(int rank)
    {
        var whole = RankCut.Cut(adapter, rank);
        if (whole.Count > 0) notes.Add($"{choice.Path}: dyn={rank} cuts LoRA alone, and it holds {string.Join(", ", whole)} too");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (held.TryPop(out var thing)) thing.Dispose();
    }
}
