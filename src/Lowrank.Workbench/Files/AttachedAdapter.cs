namespace Lowrank.Workbench;

/// <summary>An adapter file in a loaded model's slots.</summary>
public sealed class AttachedAdapter : IDisposable
{
    readonly ReadAdapter read;
    readonly AdapterChoice choice;
    readonly Stack<IDisposable> held = [];
    readonly List<string> notes = [];

    /// <summary>Reads the file, attaches it, and teaches the model the words that it brings.</summary>
    /// <param name="model">The model.</param>
    /// <param name="choice">The file, and how it is used.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer are passed over.</param>
    /// <param name="shelf">Where it may have been kept, and is kept afterwards; null reads and frees it.</param>
    /// <exception cref="LowrankException">
    /// It does not fit the model; the message says what it looks made for. The model is left as it was.
    /// </exception>
    public AttachedAdapter(StableDiffusion model, AdapterChoice choice, bool allowUnmatched = false, AdapterShelf? shelf = null)
    {
        this.choice = choice;
        read = ReadAdapter.Of(model, choice.Path, shelf, (choice as TaggedAdapter)?.Tag.Rank, allowUnmatched);
        held.Push(read);
        try
        {
            Attachment = model.Describe().Attach(read.Adapter, choice.Strength);
            held.Push(Attachment);
            Begin(0, 1);
            foreach (var word in read.Adapter.Embeddings) held.Push(model.Teach(word.Name, word.Vectors));
            if (choice is TaggedAdapter { Tag.Unread: { Count: > 0 } unread })
                notes.Add($"{choice.Path}: of its tag {string.Join(", ", unread)} means nothing");
            Tag = (choice as TaggedAdapter)?.Tag.Text ?? PromptTag.Of(Name, choice.Strength).ToString();
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

    /// <summary>The file's name without ending; of a folder in the hub's cache, the repository's.</summary>
    public string Name => CachedName.Of(choice.Path) ?? read.Adapter.Name;

    /// <summary>What is written in the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => read.Adapter.Metadata;

    /// <summary>As a prompt of AUTOMATIC1111 names it: &lt;lora:ink:0.8&gt;.</summary>
    public string Tag { get; }

    /// <summary>The 12 digits by which AUTOMATIC1111 tells files apart.</summary>
    public string Hash => read.Hash;

    /// <summary>Words that it brings.</summary>
    public IEnumerable<string> Words => read.Adapter.Embeddings.Select(word => word.Name);

    /// <summary>Whether it brings words and changes no layer.</summary>
    public bool HoldsWordsAlone => read.Adapter.Targets.Count == 0 && read.Adapter.Embeddings.Count > 0;

    /// <summary>What the reader wants the user to know.</summary>
    public IReadOnlyList<string> Notes => [.. read.Adapter.Notes, .. read.Notes, .. notes];

    /// <summary>What the file held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver => read.Adapter.PassedOver;

    /// <summary>Whether its strength changes on the way, so that it must be told of steps.</summary>
    public bool FollowsSteps => choice is TaggedAdapter { FollowsSteps: true };

    /// <summary>Gives each layer the strength that it has in a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Of how many.</param>
    public void Begin(int step, int steps)
    {
        if (choice is TaggedAdapter tagged) Attachment.SetStrengths(place => tagged.At(place, step, steps));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (held.TryPop(out var thing)) thing.Dispose();
    }
}
