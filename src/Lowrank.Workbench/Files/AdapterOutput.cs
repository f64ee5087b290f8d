namespace Lowrank.Workbench;

/// <summary>Where and how an adapter is written.</summary>
/// <param name="Path">File, or PEFT's folder.</param>
/// <param name="Dialect">Name of the spelling, one of <see cref="Dialects.All"/>; null takes that of what it is made of.</param>
/// <param name="Dtype">dtype of the factors; null takes that of what it is made of.</param>
/// <param name="Overwrite">Whether an existing file may be replaced.</param>
public sealed record AdapterOutput(string Path, string? Dialect, ScalarType? Dtype = null, bool Overwrite = false)
{
    /// <summary>The dialect of adapters that are made of no adapter, or of adapters in several dialects: most programs read it.</summary>
    public const string UsualDialect = "kohya";

    /// <summary>
    /// Whether paths keep the levels that newer versions of the programs leave out: CLIP's text_model., for transformers before 5.6.
    /// </summary>
    public bool OptionalLevels { get; init; }

    /// <summary>The same with the dialect of what it is made of, where none is named.</summary>
    /// <param name="inputs">The adapters.</param>
    /// <exception cref="LowrankException">One is no adapter.</exception>
    public AdapterOutput For(params IEnumerable<string> inputs) => Dialect is null ? this with { Dialect = DialectOf(inputs) } : this;

    /// <summary>The same with a dialect where none is named.</summary>
    internal AdapterOutput Or(string dialect) => Dialect is null ? this with { Dialect = dialect } : this;

    static string DialectOf(IEnumerable<string> inputs)
    {
        var names = new HashSet<string>();
        foreach (string input in inputs)
        {
            using var file = AdapterFile.Open(input);
            names.Add(Dialects.Of(file).Name);
        }
        return names.Count == 1 ? names.Single() : UsualDialect;
    }

    /// <summary>Finds out before any work whether it can be written.</summary>
    /// <exception cref="LowrankException">It exists, is a folder where a file is wanted, or is one of the inputs.</exception>
    public void Check(params IEnumerable<string> inputs)
    {
        if (Spoken.Packaging.WritesFolder) CheckFolder(inputs);
        else CheckFile(inputs);
    }

    Dialect Spoken
    {
        get
        {
            var named = Dialects.Named(Dialect ?? UsualDialect);
            if (!OptionalLevels) return named;
            return named.WithOptionalLevels ?? throw new RequestException(
                $"files of {Dialect} say the same to every version of transformers; text_model. is asked for in PEFT's folders alone");
        }
    }

    void CheckFile(IEnumerable<string> inputs)
    {
        OutputPlace.CheckFile(Path, Overwrite, inputs);
        OutputPlace.CheckEnding(Path, Spoken.Packaging.Ending);
    }

    void CheckFolder(IEnumerable<string> inputs)
    {
        bool isInput = inputs.Any(input => System.IO.Path.GetFullPath(input) == System.IO.Path.GetFullPath(Path));
        if (Overwrite && AdapterPlace.IsFolder(Path) && !isInput) return;
        if (System.IO.Path.GetExtension(Path) is ".safetensors" or ".gguf")
            throw new LowrankException($"{Path} is to be a folder, for that is how {Spoken.Name} is kept. Leave the ending out, or name " +
                "the spelling of a file with `to`.");
        OutputPlace.CheckFolder(Path, inputs);
    }

    /// <summary>Writes the adapter.</summary>
    /// <param name="adapter">The adapter; it is moved to the CPU.</param>
    /// <param name="model">Its base model.</param>
    /// <param name="dtype">dtype where none was asked for.</param>
    /// <param name="metadata">Metadata; null takes the adapter's.</param>
    public WrittenAdapter Write(Adapter adapter, ModelOutline model, ScalarType dtype, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ComputeDevice.Place(adapter, CPU);
        var written = AdapterConversion.Write(Path, adapter, model.Describe(), Spoken, Dtype ?? dtype, metadata);
        bool hasTextEncoder = model.Describe().Components.Any(component => component.Role == ComponentRole.TextEncoder
            && component.Targets.Any(place => adapter.Targets.ContainsKey(place.Target.Path)));
        if (!OptionalLevels || hasTextEncoder || OwnNames.Are(model.Describe())) return written;
        return written with { Notes = [.. written.Notes, "`text model` is not used: the adapter has no layers of a text encoder."] };
    }

    /// <summary>Its name: the folder's, or the file's without ending.</summary>
    public string Name => PlaceName.Of(Path);
}
