namespace Lowrank.Adapters;

/// <summary>
/// A folder of PEFT folders, one for each component of a model (<c>unet/</c>, <c>text_encoder/</c>), as PEFT's examples for Stable
/// Diffusion save them. Keys have the component's name before the layer's path.
/// </summary>
public sealed class PeftComponents : ITensorFile, IPeftConfigured
{
    readonly IReadOnlyList<(string Component, PeftFolder Folder)> folders;
    readonly Dictionary<string, (PeftFolder Folder, string Key)> places = [];

    PeftComponents(string path, IReadOnlyList<(string Component, PeftFolder Folder)> folders)
    {
        (Path, this.folders) = (path, folders);
        var tensors = new List<TensorInfo>();
        foreach (var (component, folder) in folders)
            foreach (var tensor in folder.Tensors)
            {
                string name = PeftSpelling.Below(component, tensor.Name);
                // What all targets share stands in every folder.
                if (places.TryAdd(name, (folder, tensor.Name))) tensors.Add(tensor with { Name = name });
            }
        Tensors = tensors;
        Metadata = Gathered();
    }

    /// <summary>The folders of components in a folder, in the order of their names; none where it is no such place.</summary>
    public static IReadOnlyList<string> In(string path) => !Directory.Exists(path) || PeftFolder.IsFolder(path)
        ? []
        : [.. Directory.EnumerateDirectories(path).Where(IsComponent).Order(StringComparer.Ordinal)];

    // One with a dot before its name is being written.
    static bool IsComponent(string folder) => System.IO.Path.GetFileName(folder) is not ['.', ..] && PeftFolder.IsFolder(folder);

    /// <summary>Opens the folders of all components.</summary>
    /// <exception cref="LowrankException">A file lacks or is damaged, or what all targets share is not the same in all folders.</exception>
    public static PeftComponents Open(string path)
    {
        var opened = new List<(string Component, PeftFolder Folder)>();
        try
        {
            foreach (string folder in In(path)) opened.Add((System.IO.Path.GetFileName(folder), PeftFolder.Open(folder)));
            var whole = new PeftComponents(path, opened);
            whole.CheckShared();
            return whole;
        }
        catch
        {
            foreach (var (_, folder) in opened) folder.Dispose();
            throw;
        }
    }

    /// <summary>Why the inner folders are no components of a model, with their names; null where they are.</summary>
    /// <param name="model">The model.</param>
    internal string? FaultOf(ModelDescription model)
    {
        string[] names = [.. folders.Select(one => one.Component)];
        if (names.Any(name => model.Components.Any(component => component.Name == name))) return null;
        return $"{Path} holds no {PeftFolder.Weights} itself, and its inner folders hold {names.Length} adapters: " +
            $"{string.Join(", ", names)}. Name one of them, such as {System.IO.Path.Combine(Path, names[^1])}";
    }

    void CheckShared()
    {
        foreach (var (component, folder) in folders)
            foreach (var tensor in folder.Tensors)
            {
                string name = PeftSpelling.Below(component, tensor.Name);
                if (places[name].Folder == folder) continue;
                using var scope = NewDisposeScope();
                var (first, other) = (Read(name), folder.Read(tensor.Name));
                if (first.shape.AsSpan().SequenceEqual(other.shape) && first.eq(other).all().ToBoolean()) continue;
                throw new LowrankException(
                    $"{tensor.Name} in {folder.Path} is another than in {places[name].Folder.Path}: " +
                    "these folders are adapters of their own. Each can be read alone");
            }
    }

    Dictionary<string, string> Gathered()
    {
        var gathered = new Dictionary<string, string>();
        foreach (var (component, folder) in folders)
        {
            var along = folder.Config.Along().Select(field => field.Key).ToHashSet();
            foreach (var (key, value) in folder.Metadata)
                if (along.Contains(key) && folders.Any(other => other.Folder.Metadata.GetValueOrDefault(key) != value))
                    gathered[$"{component}.{key}"] = value;
                else gathered.TryAdd(PeftCarriedFields.Below(component, key), value);
        }
        return gathered;
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public string Container => folders[0].Folder.Container;

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [.. folders.SelectMany(f => f.Folder.Notes)];

    /// <inheritdoc/>
    public Tensor Read(string name) => places[name].Folder.Read(places[name].Key);

    /// <inheritdoc/>
    public double ReadScalar(string name) => places[name].Folder.ReadScalar(places[name].Key);

    IEnumerable<PeftConfig> IPeftConfigured.Configs => folders.Select(f => f.Folder.Config);

    (PeftConfig Config, string Path)? IPeftConfigured.ConfigAt(string path)
    {
        foreach (var (component, folder) in folders)
            if (path.StartsWith(component + ".", StringComparison.Ordinal)) return (folder.Config, path[(component.Length + 1)..]);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, folder) in folders) folder.Dispose();
    }
}
