using System.Globalization;

namespace Lowrank.Adapters;

/// <summary>
/// cloneofsimo's <c>.pt</c> files as the one file that its safetensors are: lists of up and down by turns, and a dict of words.
/// </summary>
/// <remarks>
/// NAME.pt holds the denoiser's list, NAME.text_encoder.pt the text encoder's, NAME.ti.pt the words; those beside NAME.pt belong to it. A
/// list that is opened alone is the text encoder's where all its factors have one width, as CLIP's attention has. Source:
/// cloneofsimo/lora lora_diffusion/lora.py at d84074b (save_all, patch_pipe).
/// </remarks>
sealed class CloneofsimoLists : ITensorFile
{
    /// <summary>What its keys and fields call the components.</summary>
    public const string Denoiser = "unet", TextEncoder = "text_encoder";

    const string TextEnding = "." + TextEncoder + ".pt", WordsEnding = ".ti.pt";

    /// <summary>Every component that has a list.</summary>
    public static IReadOnlyList<string> Components { get; } = [Denoiser, TextEncoder];

    readonly List<ITensorFile> files = [];
    readonly Dictionary<string, (ITensorFile File, string Key)> places = [];
    readonly Dictionary<string, string> metadata = [];
    readonly List<TensorInfo> tensors = [];

    CloneofsimoLists(ITensorFile first) => (Path, Container) = (first.Path, first.Container);

    /// <summary>Whether a file holds such a list.</summary>
    public static bool Is(ITensorFile file) =>
        file.Tensors.Count is > 0 and var count && count % 2 == 0 && file.Tensors.Index().All(t => IsFactor(t.Item, t.Index));

    static bool IsFactor(TensorInfo tensor, int index) =>
        tensor.Name == index.ToString(CultureInfo.InvariantCulture) && tensor.Shape.Length >= 2;

    /// <summary>The list, with what lies beside it.</summary>
    /// <param name="file">Such a list; taken over.</param>
    /// <exception cref="LowrankException">A file beside it is damaged or holds something else.</exception>
    public static CloneofsimoLists Of(ITensorFile file)
    {
        var lists = new CloneofsimoLists(file);
        try
        {
            bool text = file.Path.EndsWith(TextEnding, StringComparison.Ordinal) || IsOfOneWidth(file);
            lists.Add(text ? TextEncoder : Denoiser, file);
            string stem = System.IO.Path.ChangeExtension(file.Path, null);
            if (text) return lists;
            if (File.Exists(stem + TextEnding)) lists.Add(TextEncoder, Containers.Open(stem + TextEnding));
            if (File.Exists(stem + WordsEnding)) lists.AddWords(Containers.Open(stem + WordsEnding));
            return lists;
        }
        catch
        {
            lists.Dispose();
            throw;
        }
    }

    static bool IsOfOneWidth(ITensorFile file) =>
        file.Tensors.Select((t, i) => i % 2 == 0 ? t.Shape[0] : t.Shape[1]).Distinct().Count() == 1;

    void Add(string component, ITensorFile file)
    {
        files.Add(file);
        if (!Is(file)) throw new LowrankException($"{file.Path} lies beside {Path} and holds no list of factors (up, down, up, ...)");
        foreach (var (i, tensor) in file.Tensors.Index())
        {
            string factor = i % 2 == 0 ? CloneofsimoSpelling.Up : CloneofsimoSpelling.Down;
            Add($"{component}:{i / 2}{factor}", file, tensor);
        }
    }

    void AddWords(ITensorFile file)
    {
        files.Add(file);
        foreach (var tensor in file.Tensors)
        {
            Add(tensor.Name, file, tensor);
            metadata[tensor.Name] = CloneofsimoWords.Mark;
        }
    }

    void Add(string name, ITensorFile file, TensorInfo tensor)
    {
        if (!places.TryAdd(name, (file, tensor.Name)))
            throw new LowrankException($"{file.Path} holds a word {name}, which is also the name of a factor");
        tensors.Add(tensor with { Name = name });
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public string Container { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors => tensors;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [.. files.SelectMany(f => f.Notes)];

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        var (file, key) = Place(name);
        return file.Read(key);
    }

    /// <inheritdoc/>
    public double ReadScalar(string name)
    {
        var (file, key) = Place(name);
        return file.ReadScalar(key);
    }

    (ITensorFile File, string Key) Place(string name) =>
        places.TryGetValue(name, out var place) ? place : throw new LowrankException($"{Path} holds no tensor '{name}'.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files) file.Dispose();
    }
}
