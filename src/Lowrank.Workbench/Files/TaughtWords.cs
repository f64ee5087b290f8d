namespace Lowrank.Workbench;

/// <summary>Learnt words (textual inversion) of a folder, a file each, that a model's text encoders know until this is disposed.</summary>
public sealed class TaughtWords : IDisposable
{
    static readonly string[] endings = [".safetensors", ".pt", ".bin"];

    readonly Stack<IDisposable> held = [];
    readonly List<string> names = [];

    /// <summary>Teaches the words whose names stand in texts, in upper or lower case; a file's name without ending is its word.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder, and those in it.</param>
    /// <param name="texts">The texts.</param>
    /// <exception cref="LowrankException">There is no such folder, or a word is for another model; the model is left as it was.</exception>
    public TaughtWords(StableDiffusion model, string folder, IReadOnlyCollection<string> texts)
    {
        if (!Directory.Exists(folder)) throw new LowrankException($"There is no folder of learnt words at {folder}.");
        try
        {
            foreach (string path in FilesIn(folder))
            {
                string name = Path.GetFileNameWithoutExtension(path);
                if (texts.Any(text => text.Contains(name, StringComparison.OrdinalIgnoreCase))) Teach(model, name, path);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The words that were taught.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The file of a word, in upper or lower case; null where there is none, or no folder.</summary>
    internal static string? FileOf(string folder, string name) => Directory.Exists(folder)
        ? FilesIn(folder).FirstOrDefault(path => Path.GetFileNameWithoutExtension(path).Equals(name, StringComparison.OrdinalIgnoreCase))
        : null;

    static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => endings.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal);

    void Teach(StableDiffusion model, string name, string path)
    {
        var word = new TaughtWord(model, name, path);
        held.Push(word);
        if (word.IsNone) throw new LowrankException($"{path} holds no learnt word.");
        names.Add(name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (held.TryPop(out var one)) one.Dispose();
    }
}
