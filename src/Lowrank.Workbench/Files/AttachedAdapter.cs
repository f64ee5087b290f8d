using System.Globalization;
using System.Security.Cryptography;

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
            Hash = ShortHash(AdapterPlace.TensorsOf(choice.Path));
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

    // A hash that the file's maker wrote into it comes first, as in AUTOMATIC1111 1.10 (extensions-builtin/Lora/network.py).
    static string ShortHash(string path)
    {
        using (var file = Containers.Open(path))
        {
            if (file.Metadata.TryGetValue("sshs_model_hash", out var written) && written.Length >= 12) return written[..12];
            if (file.Container != "safetensors")
            {
                using var bytes = File.OpenRead(path);
                return Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
            }
        }
        using var stream = File.OpenRead(path);
        return KohyaHashes.Of(stream).Short;
    }
}
