using System.Text.Json;

namespace Lowrank.Models;

/// <summary>A language model on the disk: a folder with config.json and weights beside it, or a GGUF file, which has both.</summary>
sealed class LanguageFolder : IDisposable
{
    bool mayLackHead;
    string? otherHead;   // why a head that is stored is not the one that is asked for
    readonly IReadOnlyList<string> notes;

    LanguageFolder(string path, LanguageArchitecture architecture, LanguageConfig config, LanguageTask task, ITensorFile file,
        IReadOnlyList<string> notes)
    {
        (Path, Architecture, Config, Task, File, this.notes) = (path, architecture, config, task, file, notes);
    }

    /// <summary>The name of the config in its folder.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The folder, or the file.</summary>
    public string Path { get; }

    /// <summary>What its config.json says; of a GGUF file, what it would say.</summary>
    public JsonElement Json { get; private init; }

    /// <summary>The model's family.</summary>
    public LanguageArchitecture Architecture { get; }

    /// <summary>Its shape.</summary>
    public LanguageConfig Config { get; private set; }

    /// <summary>Which of the family's models it is.</summary>
    public LanguageTask Task { get; }

    /// <summary>Its weights.</summary>
    public ITensorFile File { get; private set; }

    /// <summary>The family that a folder's config tells; null where it tells none that is known.</summary>
    public static LanguageArchitecture? FamilyIn(string path)
    {
        string config = System.IO.Path.Combine(path, ConfigName);
        if (!System.IO.File.Exists(config)) return null;
        try
        {
            return ConfigReader.Open(config).Text("model_type") is { } type ? LanguageArchitectures.Of(type) : null;
        }
        catch (LowrankException)
        {
            return null;   // what is wrong with it is told when it is opened
        }
    }

    /// <summary>What is wrong with a folder that is meant for a language model's and is of no family that is known, or cannot be read; null
    /// where it is not meant for one.</summary>
    public static string? FaultIn(ModelPlace place)
    {
        if (place.HasIndex || !place.Holds(ConfigName)) return null;
        try
        {
            if (ConfigReader.Open(place.Inner(ConfigName)).Has("_class_name")) return null;   // a part of a diffusers model
            using var opened = Open(place.Path);
            return null;
        }
        catch (LowrankException error)
        {
            return error.Message;
        }
    }

    /// <summary>Opens one.</summary>
    /// <param name="path">The folder, or the GGUF file.</param>
    /// <param name="name">The class to make of it; null for the one that config.json names.</param>
    /// <exception cref="LowrankException">No such folder, a config that lacks fields (all are told) or is of no family that is known, or
    /// weights that are missing or damaged.</exception>
    public static LanguageFolder Open(string path, string? name = null)
    {
        bool isFile = System.IO.File.Exists(path);
        return Open(path, Chosen);

        // GGUF files leave out the pooler, which the class of the whole body has.
        LanguageTask Chosen(LanguageArchitecture architecture, LanguageConfig config) =>
            isFile && name is null && architecture.States is { } states ? states : TaskOf(architecture, name ?? config.Class, path);
    }

    /// <summary>Opens one to make a classifier of it, whose head may be missing where it was saved as another model.</summary>
    /// <param name="path">The folder, or the GGUF file.</param>
    /// <param name="labels">The classes where it was saved as another model.</param>
    public static LanguageFolder OpenClassifier(string path, IReadOnlyList<string> labels)
    {
        var folder = Open(path, (architecture, config) => architecture.Tasks.FirstOrDefault(IsClassifier) ?? throw new LowrankException(
            $"{path}: of {architecture.Title} no classifier can be built."));
        bool isOne = folder.Config.Class is { } saved && saved == folder.Task.Class;
        if (isOne) return folder;
        folder.mayLackHead = true;
        folder.Config = folder.Config with { Labels = labels };
        return folder;
    }

    static bool IsClassifier(LanguageTask task) => Has(task, ModelHead.Rows);

    /// <summary>Opens one to train a head, which may be missing, or be another: of another size, of another class of models, or of
    /// other labels. Such a one is passed over.</summary>
    /// <param name="path">The folder, or the GGUF file.</param>
    /// <param name="head">Which head.</param>
    /// <param name="labels">Its classes; of spans none.</param>
    public static LanguageFolder OpenHeaded(string path, ModelHead head, IReadOnlyList<string> labels)
    {
        var folder = Open(path, (architecture, config) => architecture.Tasks.FirstOrDefault(task => Has(task, head))
            ?? throw new LowrankException($"{path}: of {architecture.Title} no model of the class ...{ClassOf(head)} can be built."));
        folder.mayLackHead = true;
        folder.otherHead = folder.Other(head, labels);
        if (head != ModelHead.Spans) folder.Config = folder.Config with { Labels = labels };
        return folder;
    }

    // A head of as many numbers may have been trained to tell something else.
    string? Other(ModelHead head, IReadOnlyList<string> labels)
    {
        if (Config.Class != Task.Class) return $"is of {Config.Class ?? "a model of no class that is told"}, and {Task.Class} is made";
        if (head == ModelHead.Spans || labels.Count < 2 || Config.Labels.Count != labels.Count) return null;   // sizes are told by the plan
        bool isNamed = !AreNumbers(Config.Labels) && !AreNumbers(labels);
        return !isNamed || Config.Labels.SequenceEqual(labels, StringComparer.OrdinalIgnoreCase) ? null
            : $"tells {Listed(Config.Labels)}, and {Listed(labels)} are asked for";
    }

    // Names that nobody gave: transformers' LABEL_0, or the number alone.
    static bool AreNumbers(IReadOnlyList<string> labels) =>
        labels.Index().All(one => one.Item == $"LABEL_{one.Index}" || one.Item == $"{one.Index}");

    static string Listed(IReadOnlyList<string> labels) => string.Join(", ", labels.Take(4)) + (labels.Count > 4 ? ", ..." : "");

    /// <summary>Whether a model has a head.</summary>
    public static bool Has(LanguageTask task, ModelHead head) => task.Class.EndsWith(ClassOf(head), StringComparison.Ordinal);

    static string ClassOf(ModelHead head) => head switch
    {
        ModelHead.Rows => "ForSequenceClassification",
        ModelHead.Tokens => "ForTokenClassification",
        _ => "ForQuestionAnswering",
    };

    /// <summary>Opens one to make a certain model of it.</summary>
    /// <param name="path">The folder, or the GGUF file.</param>
    /// <param name="task">Chooses which.</param>
    public static LanguageFolder Open(string path, Func<LanguageArchitecture, LanguageConfig, LanguageTask> task)
    {
        if (System.IO.File.Exists(path)) return OfFile(path, task);
        if (!Directory.Exists(path)) throw new LowrankException($"the folder {path} does not exist.");
        string source = System.IO.Path.Combine(path, ConfigName);
        var json = JsonFile.Object(source);
        var reader = new ConfigReader(source, json);
        string type = reader.Text("model_type") ?? "";
        if (LanguageArchitectures.Of(type) is not { } architecture)
            throw new LowrankException($"{source}: " + (type.Length == 0 ? "model_type is missing. " :
                $"model_type is \"{type}\", which is no language model that is known. ") +
                $"Known are {string.Join(", ", LanguageArchitectures.All.Select(family => family.Name))}.");
        var config = architecture.Read(reader);
        string[] classes = reader.Has("architectures") ? [.. reader.Texts("architectures")] : [];
        // transformers writes dozens of fields that concern training or generation alone, so unknown ones are no fault.
        reader.Finish(strict: false);
        var file = OpenWeights(path, json);
        try
        {
            config = config with { ModelType = architecture.Name, Class = classes.FirstOrDefault() };
            string?[] told = [FieldsOfOthers.Told(reader, source, architecture), RopeKinds.ToldTwice(reader, source)];
            string[] notes = [.. told.OfType<string>()];
            return new(path, architecture, config, task(architecture, config), file, notes) { Json = json };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static LanguageFolder OfFile(string path, Func<LanguageArchitecture, LanguageConfig, LanguageTask> task)
    {
        var opened = Containers.Open(path);
        try
        {
            if (opened is not GgufFile file)
                throw new LowrankException($"{path} is {opened.Container}, a file of weights alone. Give the folder that has its " +
                    $"{ConfigName} too, or a GGUF file.");
            var architecture = LanguageArchitectures.OfGguf(file);
            var layout = architecture.Gguf!;
            var told = GgufConfig.Read(file, layout, architecture.Name);
            var reader = new ConfigReader(path, told.Json);
            var config = architecture.Read(reader) with { ModelType = architecture.Name };
            reader.Finish(strict: false);
            return new(path, architecture, config, task(architecture, config), new GgufWeights(file, layout, told), told.Notes)
            {
                Json = told.Json,
            };
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    // Weights of few bits are read as the values that they stand for.
    static ITensorFile OpenWeights(string path, JsonElement config)
    {
        var scheme = SchemeOf(path, config);
        var file = WeightFiles.Open(path, Stem);
        return scheme is null ? file : scheme.Open(file);
    }

    const string Stem = "model";

    static QuantizedScheme? SchemeOf(string path, JsonElement config)
    {
        const string OldSettings = "quantize_config.json";   // of folders of AutoGPTQ from before transformers read them
        string old = System.IO.Path.Combine(path, OldSettings);
        if (QuantizedScheme.Of(config) is { } scheme) return scheme;
        return System.IO.File.Exists(old) ? QuantizedScheme.OfSettings(JsonFile.Object(old)) : null;
    }

    /// <summary>What its matrices of few bits are called: "bitsandbytes nf4", "gptq"; null where it has none, and of a GGUF file.</summary>
    public string? FewBits
    {
        get
        {
            if (File is GgufWeights || SchemeOf(Path, Json) is not { } scheme) return null;
            if (scheme.Name != "bitsandbytes" || !Json.TryGetProperty("quantization_config", out var settings)) return scheme.Name;
            // The method's longer name says it too, and programs that write that leave the other field out.
            bool isOfFour = settings.TryGetProperty("load_in_4bit", out var four) && four.ValueKind == JsonValueKind.True
                || settings.TryGetProperty("quant_method", out var method) && method.ValueEquals("bitsandbytes_4bit");
            bool isNamed = settings.TryGetProperty("bnb_4bit_quant_type", out var type) && type.ValueKind == JsonValueKind.String;
            if (!isOfFour) return $"{scheme.Name} int8";
            return isNamed ? $"{scheme.Name} {type.GetString()}" : $"{scheme.Name} fp4";
        }
    }

    /// <summary>The weights as they are stored, those of few bits in their parts; the caller closes them.</summary>
    public ITensorFile OpenStored() => WeightFiles.Open(Path, Stem);

    static LanguageTask TaskOf(LanguageArchitecture architecture, string? name, string path)
    {
        if (name is null) return architecture.Tasks[0];
        return architecture.Tasks.FirstOrDefault(task => task.Class == name) ?? throw new LowrankException(
            $"{System.IO.Path.Combine(path, ConfigName)}: a {name} is asked for by it or by the call, and none can be built. Of " +
            $"{architecture.Title} there are {string.Join(", ", architecture.Classes)}.");
    }

    /// <summary>The dtype in which most of its weights are stored.</summary>
    public ScalarType StoredDtype()
    {
        var floats = File.Tensors.Where(tensor => tensor.Dtype.IsFloat());
        var most = floats.GroupBy(tensor => tensor.Dtype).OrderByDescending(group => group.Sum(tensor => tensor.Bytes)).FirstOrDefault();
        var dtype = most?.Key;
        return dtype is null || dtype.Decoder is not null ? ScalarType.Float32 : dtype.ToScalarType();
    }

    /// <summary>A model of its shape with uninitialized weights, and how they are to be filled.</summary>
    public (LanguageNetwork Model, WeightPlan Plan) Build(Storage storage)
    {
        var config = Config;
        string? note = null;
        if (Architecture.TiesAbsentHead && !StoresHead()) config = config with { TiesHead = true };
        if (config.TiesHead && OwnHead() is { } own)
        {
            config = config with { TiesHead = false };
            note = $"{Path}: config.json ties the head to the table of tokens, and {own} holds other numbers than the table; it is taken.";
        }
        var model = Task.Make(config, storage);
        model.Family = Architecture.Family;
        model.Names = Architecture.Names;
        model.Gguf = Architecture.Gguf;
        model.Mlx = Architecture.Mlx;
        try
        {
            var plan = new WeightPlan(model, File, Architecture.Names, mayLackHead, otherHead);
            model.Notes = [.. notes, .. note is null ? plan.Notes : [note, .. plan.Notes]];
            return (model, plan);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Gives its tables rows for more tokens: zero, until an adapter fills them.</summary>
    /// <param name="tokens">How many tokens there are then; fewer than it has change nothing.</param>
    /// <exception cref="LowrankException">It is a GGUF file, whose tokenizer would have to grow too.</exception>
    public void Grow(int tokens)
    {
        if (tokens <= Config.VocabularySize) return;
        if (File is GgufWeights)
            throw new LowrankException($"{Path} knows {Config.VocabularySize} tokens, and {tokens} are wanted: a GGUF file does not " +
                "grow. Take the folder that it was made of.");
        var (before, after) = (Shapes(Config), Shapes(Config with { VocabularySize = tokens }));
        var rows = new Dictionary<string, long>();
        var stored = File.Tensors.Select(tensor => tensor.Name).ToHashSet();
        foreach (var (own, shape) in after.Where(pair => pair.Value[0] != before[pair.Key][0]))
            foreach (string name in Architecture.Names.Spellings(own).Where(stored.Contains)) rows[name] = shape[0];
        File = new GrownTables(File, rows);
        Config = Config with { VocabularySize = tokens };
    }

    Dictionary<string, long[]> Shapes(LanguageConfig config)
    {
        using var outline = Task.Make(config, ModelOutline.Nowhere);
        return outline.state_dict().Where(pair => pair.Value.dim() > 0).ToDictionary(pair => pair.Key, pair => pair.Value.shape);
    }

    bool StoresHead()
    {
        var names = Architecture.Names.Spellings("lm_head.weight").ToHashSet();
        return File.Tensors.Any(tensor => names.Contains(tensor.Name));
    }

    // A head that is stored beside the table that it is said to be, with other numbers.
    string? OwnHead()
    {
        using var outline = Task.Make(Config, ModelOutline.Nowhere);
        var stored = File.Tensors.Select(tensor => tensor.Name).ToHashSet();
        using var free = Task.Make(Config with { TiesHead = false }, ModelOutline.Nowhere);
        foreach (var (copy, original) in outline.SharedNames)
        {
            if (free.SharedNames.ContainsKey(copy)) continue;   // a copy of something else than the head
            string? head = Architecture.Names.Spellings(copy).FirstOrDefault(stored.Contains);
            string? table = Architecture.Names.Spellings(original).FirstOrDefault(stored.Contains);
            if (head is null || table is null) continue;
            using var scope = NewDisposeScope();
            var (one, other) = (File.Read(head), File.Read(table));
            bool isSame = one.shape.SequenceEqual(other.shape) && one.eq(other).all().ToBoolean();
            if (!isSame) return head;
        }
        return null;
    }

    /// <summary>Closes the weights.</summary>
    public void Dispose() => File.Dispose();
}
