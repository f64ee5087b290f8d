namespace Lowrank.Models;

/// <summary>What GGUF files hold of a language model's folder, as llama.cpp's converter writes it, without its tokenizer: keys of the
/// model, and its weights, one at a time from where they lie.</summary>
public sealed class GgufOutline : IDisposable
{
    const string Norm = "_norm.weight";

    // Tables that are floats in every file.
    static readonly string[] floats = ["position_embd.weight", "token_types.weight"];

    readonly LanguageFolder folder;
    readonly GgufLayout layout;
    readonly GgufShape shape;
    readonly Dictionary<string, string> own;

    GgufOutline(LanguageFolder folder, GgufLayout layout)
    {
        (this.folder, this.layout) = (folder, layout);
        shape = new(folder.Config.HeadDim, PositionsAfterPadField.RowsBefore(folder.Config.PadId));
        var (model, plan) = folder.Build(ModelOutline.Nowhere);
        using (model) own = plan.Single.ToDictionary(pair => pair.Value, pair => pair.Key);
        Notes = [.. model.Notes, .. Lost()];
    }

    /// <summary>Opens a model's folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="LowrankException">What <see cref="LanguageModels.Load(string, Storage?, string?, int?)"/> refuses, a family that
    /// GGUF files do not hold, or a model with a head of another kind.</exception>
    public static GgufOutline Open(string path)
    {
        if (!Directory.Exists(path)) throw new LowrankException($"{path} is no folder of a model. Give one that holds config.json.");
        var folder = LanguageFolder.Open(path, Written);
        try
        {
            return new(folder, folder.Architecture.Gguf!);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        LanguageTask Written(LanguageArchitecture family, LanguageConfig config)
        {
            if (family.Gguf is null)
            {
                string known = string.Join(", ", LanguageArchitectures.All.Where(one => one.Gguf is not null).Select(one => one.Name));
                throw new LowrankException($"{path} holds a {family.Title}, which is not written as GGUF. Written are {known}.");
            }
            var task = family.States ?? family.Tasks[0];
            bool isOther = config.Class is { } name && name != task.Class && family.States is null;
            if (isOther)
                throw new LowrankException($"{path} holds a {config.Class}, whose head GGUF files do not hold: they hold a {task.Class}.");
            return task;
        }
    }

    /// <summary>The name under <c>general.architecture</c>.</summary>
    public string Architecture => layout.Architecture;

    /// <summary>What the folder's matrices of few bits are called: "bitsandbytes nf4"; null where they are floats.</summary>
    public string? FewBits => folder.FewBits;

    /// <summary>Number of tokens known.</summary>
    public int VocabularySize => folder.Config.VocabularySize;

    /// <summary>Types of tokens that the model tells apart; null where it does not.</summary>
    public int? Types => (folder.Config as EncoderConfig)?.Types;

    /// <summary>What of the model is not held, or was passed over, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The 16-bit type in which the first matrix is stored: F16 where it is in none.</summary>
    public QuantizedFileType Stored
    {
        get
        {
            var first = folder.File.Tensors.FirstOrDefault(info => own.ContainsKey(info.Name) && info.Shape.Length > 1);
            return QuantizedFileType.Named(first?.Dtype == TensorDtype.BF16 ? "BF16" : "F16");
        }
    }

    /// <summary>The model's keys, and its tensors in the type of a kind of file.</summary>
    /// <param name="fileType">F32, F16, BF16 or Q8_0: vectors, norms and tables of positions stay F32, and rows that Q8_0 does not divide
    /// are F16.</param>
    public GgufParts Parts(QuantizedFileType fileType)
    {
        ArgumentNullException.ThrowIfNull(fileType);
        string config = Path.Combine(folder.Path, LanguageFolder.ConfigName);
        var source = new GgufSource(config, layout.Architecture, folder.Json, fileType.Number);
        foreach (var field in layout.Fields) field.Write(source);
        var weights = folder.File.Tensors.Where(info => own.ContainsKey(info.Name)).Select(info => Source(info, fileType.Most));
        return new(source.First, source.Entries, [.. source.Tables, .. weights]) { Notes = [.. Notes, .. source.Notes] };
    }

    TensorSource Source(TensorInfo info, TensorDtype most)
    {
        var (name, change) = layout.Stored(own[info.Name])
            ?? throw new LowrankException($"{own[info.Name]} has no name in GGUF files of {layout.Architecture}.");
        var stored = new TensorInfo(name, TensorDtype.F32, StoredShape(info, change));
        return new(stored with { Dtype = TypeOf(stored, most) }, () =>
        {
            using var scope = NewDisposeScope();
            return scope.MoveToOuter(change.ToStored(folder.File.Read(info.Name), shape));
        })
        {
            Expect = () => folder.File.Expect(info.Name),
        };
    }

    long[] StoredShape(TensorInfo info, GgufChange change)
    {
        using var scope = NewDisposeScope();
        return change.ToStored(empty(info.Shape, ScalarType.Float32, new Device(DeviceType.META)), shape).shape;
    }

    static TensorDtype TypeOf(TensorInfo info, TensorDtype most)
    {
        bool staysFloat = info.Shape.Length < 2 || info.Name.EndsWith(Norm, StringComparison.Ordinal) || floats.Contains(info.Name);
        if (staysFloat) return TensorDtype.F32;
        return most.Block.Fills(info.Shape) ? most : TensorDtype.F16;
    }

    IEnumerable<string> Lost()
    {
        bool slides = folder.Config.Windows.Any(window => window is not null), holds = layout.Fields.Any(GgufFields.IsWindow);
        if (slides && !holds)
            yield return $"layers see {folder.Config.Windows.Max()} tokens back, which GGUF files of {layout.Architecture} do not hold: " +
                "llama.cpp lets them see all.";
        if (UsualActivation() is { } usual && usual != folder.Config.Activation)
            yield return $"the activation is {folder.Config.Activation}, which GGUF files do not hold: llama.cpp takes {usual}.";
    }

    static readonly string[] activations = ["hidden_act", "hidden_activation", "activation_function"];

    // That of a config which says nothing of it.
    string? UsualActivation()
    {
        if (!activations.Any(field => folder.Json.TryGetProperty(field, out _))) return null;
        var silent = new Dictionary<string, object?>();
        foreach (var field in folder.Json.EnumerateObject())
            if (!activations.Contains(field.Name)) silent[field.Name] = field.Value;
        return folder.Architecture.Read(new ConfigReader(folder.Path, PlainJson.Element(silent))).Activation;
    }

    /// <summary>Closes the folder.</summary>
    public void Dispose() => folder.Dispose();
}
