using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>An adapter file in a loaded model's slots.</summary>
public sealed class AttachedAdapter : IDisposable
{
    readonly Adapter adapter;
    readonly Stack<IDisposable> held = [];

    /// <summary>Reads the file, attaches it, and teaches the model the words that it brings.</summary>
    /// <exception cref="LowrankException">
    /// It does not fit the model; the message says what it looks made for. The model is left as it was.
    /// </exception>
    public AttachedAdapter(StableDiffusion model, AdapterChoice choice, bool allowUnmatched = false)
    {
        adapter = AdapterFile.Read(choice.Path, model.Describe(), allowUnmatched);
        held.Push(adapter);
        try
        {
            Attachment = model.Describe().Attach(adapter, choice.Strength);
            held.Push(Attachment);
            foreach (var word in adapter.Embeddings) held.Push(model.Teach(word.Name, word.Vectors));
            Tag = string.Create(CultureInfo.InvariantCulture, $"<lora:{adapter.Name}:{choice.Strength}>");
            Hash = WebUiAdapter.Of(AdapterPlace.TensorsOf(choice.Path)).ShortHash;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

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

    /// <summary>What the reader wants the user to know.</summary>
    public IReadOnlyList<string> Notes => adapter.Notes;

    /// <summary>What the file held and was not used.</summary>
    public IReadOnlyList<PassedOver> PassedOver => adapter.PassedOver;

    /// <inheritdoc/>
    public void Dispose()
    {
        while (held.TryPop(out var thing)) thing.Dispose();
    }
}
