using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Adapter files of other times and habits, and what becomes of files of which one thing was changed.</summary>
public sealed class LanguageAdapterFilesGoldens
{
    const string Group = "language/adapters2";

    static readonly GoldenList files = new(Group, "file_cases.json"), changed = new(Group, "loader_cases.json");

    public static IEnumerable<TheoryDataRow<string>> Files => files.Rows;

    public static IEnumerable<TheoryDataRow<string>> Changed => changed.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Files)), Trait("kind", "goldens")]
    public void OfOtherTimes(string name) => files.Run(name, json =>
    {
        using var made = new LanguageAdapterCase(files.Folder, json, json.TryGetProperty("expected", out _) ? null : "base.llama-linear.safetensors");
        if (json.TryGetProperty("peft_error", out _))
        {
            Assert.Throws<LowrankException>(() => AdapterFile.Read(made.Folder, made.Description));
        }
        else if (json.TryGetProperty("adapters", out var several)) Several(made, [.. several.EnumerateArray().Select(one => one.GetString()!)]);
        else
        {
            using var adapter = AdapterFile.Read(made.Folder, made.Description);
            using (var attached = made.Description.Attach(adapter)) made.AssertOutputs("active");
            WrittenAgain(made, adapter);
        }
    });

    // What was read is written as the peer of today reads it, and gives the same.
    static void WrittenAgain(LanguageAdapterCase made, Adapter adapter)
    {
        using var folder = new TemporaryFolder();
        AdapterFile.Write(folder["written"], adapter, made.Description, "peft");
        using var again = AdapterFile.Read(folder["written"], made.Description);
        using var attached = made.Description.Attach(again);
        made.AssertOutputs("active");
    }

    static void Several(LanguageAdapterCase made, string[] names)
    {
        // The first lies at the top, the others in folders of their names.
        var adapters = names.Select((name, place) => AdapterFile.Read(place == 0 ? made.Folder : Path.Combine(made.Folder, name), made.Description)).ToList();
        Assert.Contains(adapters[0].Notes, note => names.Skip(1).All(name => note.Contains(name, StringComparison.Ordinal)));
        var attached = adapters.ConvertAll(adapter => made.Description.Attach(adapter));
        foreach (string combination in made.Names().Where(name => name.EndsWith(".logits", StringComparison.Ordinal)).Select(name => name[..^".logits".Length]))
        {
            string[] active = combination.Split('+');
            foreach (var (name, one) in names.Zip(attached)) one.Active = active.Contains(name);
            made.AssertOutputs(combination);
        }
        attached.ForEach(one => one.Dispose());
        adapters.ForEach(one => one.Dispose());
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Changed)), Trait("kind", "goldens")]
    public void WithOneThingChanged(string name) => changed.Run(name, json =>
    {
        var all = JsonDocument.Parse(File.ReadAllText(Path.Combine(changed.Folder, "loader_cases.json"))).RootElement;
        using var made = new LanguageAdapterCase(changed.Folder, all, all.GetProperty("tensors").GetString()!);
        using var file = new ChangedPeftFile(changed, all.GetProperty("folder").GetString()!, json);
        bool isRefusedThere = json.GetProperty("outcome").GetString() == "refused";
        string? plain = json.TryGetProperty("plain_reading", out var reading) ? reading.GetString() : null;
        bool isHalf = json.TryGetProperty("unexpected_keys", out var unexpected) && unexpected.GetArrayLength() > 0 || json.TryGetProperty("missing_keys", out var missing) && missing.GetArrayLength() > 0;
        Adapter adapter;
        try
        {
            adapter = AdapterFile.Read(file.Folder(), made.Description);
        }
        catch (LowrankException)
        {
            // A refusal that says why is right wherever the peer refuses, or uses a part of the file alone.
            Assert.True(isRefusedThere || isHalf, $"{name} is loaded by the peer and refused here");
            return;
        }
        using (adapter)
        using (var attached = made.Description.Attach(adapter))
        {
            Assert.True(!isRefusedThere || plain is not null, $"{name} is refused by the peer and loaded here");
            string told = plain ?? json.GetProperty("logits").GetString()!;
            // Where the peer uses a part of the file alone, one may take it for what it plainly is and say what is odd.
            bool isTold = isHalf && adapter.PassedOver.Count + adapter.Notes.Count > 0;
            List<string> right = isTold ? [told, "active.logits"] : [told];
            Assert.True(right.Exists(one => Gives(made, one)), $"{name} gives none of {string.Join(", ", right)}; {string.Join("; ", adapter.Notes)}");
        }
    });

    static bool Gives(LanguageAdapterCase made, string tensor)
    {
        using var grad = no_grad();
        using var of = Safetensors.Open(Path.Combine(made.Root, "base.llama-linear.safetensors"));
        var want = tensor == "the base's" ? of.Read("logits") : made.Read(tensor);
        return Record.Exception(() => made.AssertNear(made.Outputs()[0].Value, want, tensor, made.LogitsTolerance)) is null;
    }

    /// <summary>The folder that all changes start from, with one of them.</summary>
    sealed class ChangedPeftFile : ITensorFile
    {
        readonly Dictionary<string, Func<Tensor>> tensors = [];
        readonly ITensorFile original, added;
        readonly JsonElement config;

        public ChangedPeftFile(GoldenList list, string folder, JsonElement change)
        {
            Path = System.IO.Path.Combine(list.Folder, folder);
            original = Safetensors.Open(System.IO.Path.Combine(Path, PeftFolder.Weights));
            added = list.Tensors("loader.safetensors");
            foreach (var tensor in original.Tensors) tensors[tensor.Name] = () => original.Read(tensor.Name);
            string name = change.GetProperty("name").GetString()!;
            if (change.TryGetProperty("keys_removed", out var removed))
                foreach (var key in removed.EnumerateArray()) tensors.Remove(key.GetString()!);
            if (change.TryGetProperty("keys_added", out var more))
                foreach (string key in more.EnumerateArray().Select(key => key.GetString()!)) tensors[key] = () => added.Read($"{name}/{key}");
            if (name == "wrong-shape")
            {
                string first = original.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal).First();
                tensors[first] = () => original.Read(first) is var whole ? whole.narrow(1, 0, whole.shape[1] - 2).contiguous() : throw new InvalidOperationException();
            }
            config = Config(System.IO.Path.Combine(Path, PeftFolder.Settings), change);
        }

        static JsonElement Config(string path, JsonElement change)
        {
            var fields = JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
            if (change.TryGetProperty("config_drop", out var dropped))
                foreach (var field in dropped.EnumerateArray()) fields.Remove(field.GetString()!);
            if (change.TryGetProperty("config_put", out var put))
                foreach (var field in put.EnumerateObject()) fields[field.Name] = field.Value;
            return JsonSerializer.SerializeToElement(fields);
        }

        public PeftFolder Folder() => new(this, config);

        public string Path { get; }

        public string Container => "safetensors";

        public IReadOnlyList<TensorInfo> Tensors => [.. tensors.Select(pair => new TensorInfo(pair.Key, TensorDtypes.Of(ScalarType.Float32), pair.Value().shape))];

        public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

        public IReadOnlyList<string> Notes => [];

        public Tensor Read(string name) => tensors[name]();

        public double ReadScalar(string name) => Read(name).ToDouble();

        public void Dispose()
        {
            original.Dispose();
            added.Dispose();
        }
    }
}
