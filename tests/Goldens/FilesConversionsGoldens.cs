using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What other programs' converters made of whole files, and what ours does: the same layers, shapes and values, and the same change of the model.</summary>
/// <remarks>
/// A row of a peer's result is one of its keys. It must be a name that our dialect reads, of a layer and part that we write too, with the same shape, dtype and sums. Where a peer's result
/// has another meaning than its input, ours is held to the input's:
/// <list type="bullet">
/// <item>diffusers to kohya: alpha = rank is written whatever the metadata say; expected is <c>alphas_that_keep_the_meaning</c>. Its names (<c>lora_te1_</c> for an only encoder, SDXL in
/// diffusers' blocks) are read and not written.</item>
/// <item>kohya to diffusers: alphas stand beside (<c>network_alphas</c>), where a pipeline loses those of attention; ours are in up, or in the metadata.</item>
/// <item>A function for UNets alone, or text encoders alone, gives the other's layers names that nobody reads; they are left out.</item>
/// <item>Between diffusers' two steps from SGM's names the blocks are diffusers' and the words SGM's; the words are replaced as its second step does.</item>
/// <item>DoRA's magnitudes, which diffusers' converters drop, are left out where a result has none.</item>
/// <item>What a peer refuses (<c>error</c>), or has no key for, is checked by its meaning alone: written in every dialect that can hold it, and read again.</item>
/// </list>
/// </remarks>
public sealed class FilesConversionsGoldens
{
    const string Group = "files/conversions", Baking = "files/alpha baking", Magnitudes = "magnitude";

    static string Folder => Path.Combine(GoldenFolder.Root, "files");

    static readonly Lazy<List<JsonElement>> conversions = new(() => Listed("conversions.json")), baking = new(() => Listed("alpha_baking.json"));

    static List<JsonElement> Listed(string name) =>
        File.Exists(Path.Combine(Folder, name)) ? [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name))).RootElement.EnumerateArray()] : [];

    public static IEnumerable<TheoryDataRow<string>> Cases => conversions.Value.Select(c => new TheoryDataRow<string>(c.GetProperty("id").GetString()!));

    public static IEnumerable<TheoryDataRow<int>> Alphas => baking.Value.Select((_, index) => new TheoryDataRow<int>(index));

    // A key of the peer's result, its dtype and shape, and sum, sum of absolutes and Frobenius norm of its values.
    sealed record Row(string Folder, string Key, string Dtype, long[] Shape, double[] Sums)
    {
        // PEFT has a folder for each component.
        public static Row Of(JsonElement json)
        {
            string key = json[0].GetString()!;
            int slash = key.IndexOf('/', StringComparison.Ordinal);
            return new(slash < 0 ? "" : key[..slash], key[(slash + 1)..], json[1].GetString()!, [.. json[2].EnumerateArray().Select(axis => axis.GetInt64())],
                [json[3].GetDouble(), json[4].GetDouble(), json[5].GetDouble()]);
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Conversion(string id) => Golden.Run(Group, id, () =>
    {
        var golden = conversions.Value.First(c => c.GetProperty("id").GetString() == id);
        string input = golden.GetProperty("input").GetString()!;
        using var host = new FilesHost(GoldenGroup.Open("files").Cases.First(c => c["file"].GetString() == input)["host"].GetString()!);
        using var file = AdapterFile.Open(Path.Combine(Folder, input));
        using (var whole = AdapterFile.Read(file, host.Model)) AssertMeaningIsKept(whole, host.Model);

        var model = Converted(golden, file, host.Model);
        if (golden.GetProperty("output") is { ValueKind: JsonValueKind.Array } output)
            foreach (var rows in output.EnumerateArray().Select(Row.Of).GroupBy(row => row.Folder))
            {
                var own = rows.Key.Length == 0 ? model : Of(model, component => component.Name == rows.Key);
                using var adapter = AdapterFile.Read(file, own, allowUnmatched: own.Components.Count < host.Model.Components.Count);
                AssertRows(golden, [.. rows], adapter, own);
            }
    });

    static ModelDescription Of(ModelDescription model, Func<ModelComponent, bool> which) => model with { Components = [.. model.Components.Where(which)] };

    // Functions of diffusers for components whose names begin so.
    static readonly (string Function, string Component)[] meantFor = [(" convert_unet_state_dict_to_peft", "unet"), (" convert_state_dict_to_diffusers", "text_encoder")];

    // The components that were converted: those for which the function is meant, or of "lora_unet_ keys only".
    static ModelDescription Converted(JsonElement golden, ITensorFile file, ModelDescription model)
    {
        const string Only = " keys only";
        string function = golden.GetProperty("function").GetString()!;
        // One function, not several in a row.
        if (meantFor.FirstOrDefault(f => function.EndsWith(f.Function, StringComparison.Ordinal) && function.Count(' '.Equals) == 1).Component is { } meant)
            return Of(model, component => component.Name.StartsWith(meant, StringComparison.Ordinal));
        if (!golden.TryGetProperty("keys", out var keys) || !keys.GetString()!.EndsWith(Only, StringComparison.Ordinal)) return model;
        string prefix = keys.GetString()![..^Only.Length];
        var dialect = Dialects.Of(file);
        return Of(model, component => component.Targets.Any(t => dialect.Spelling.Names(model, component, t.Target).First().StartsWith(prefix, StringComparison.Ordinal)));
    }

    static void AssertRows(JsonElement golden, List<Row> rows, Adapter adapter, ModelDescription model)
    {
        // Keys that tell another component than those converted.
        rows = [.. rows.Where(row => row.Key.Split('.')[0] is var first && (model.Components.Any(c => c.Name == first) || first != "unet" && !first.StartsWith("text_encoder", StringComparison.Ordinal)))];
        var (dialect, places) = Dialects.All.Where(d => d.Recognizes(rows.Select(row => row.Key))).Select(d => (d, Places: new PlacedKeys(d, model)))
            .MaxBy(d => rows.Count(row => Place(d.Places, row, adapter) is not null));
        var unplaced = rows.Where(row => Place(places, row, adapter) is null).Select(row => row.Key).ToList();
        Assert.True(unplaced.Count == 0, $"{dialect.Name} has no place for {unplaced.Count} of the {rows.Count} keys of the peer's result, such as {unplaced.FirstOrDefault()}");

        var alphas = ToldAlphas(golden, places);
        foreach (var (path, alpha) in alphas) Assert.Equal(alpha, adapter.Targets[path].Parts.First(p => p.Part == "alpha").Value.ToDouble(), 1e-4 * alpha);
        if (alphas.Count > 0) Assert.Equal(adapter.Targets.Keys.Order(StringComparer.Ordinal), alphas.Keys.Order(StringComparer.Ordinal));

        var ours = Values(adapter, dialect);
        bool dropsDora = !rows.Exists(row => Place(places, row, adapter)!.Value.Part == Magnitudes);
        if (dropsDora) foreach (var place in ours.Keys.Where(place => place.Part == Magnitudes).ToList()) ours.Remove(place);
        Assert.Equal(ours.Keys.Order().Select(place => $"{place}"), rows.Select(row => Place(places, row, adapter)!.Value).Order().Select(place => $"{place}"));
        foreach (var row in rows)
        {
            var place = Place(places, row, adapter)!.Value;
            var value = ours[place];
            Assert.True(row.Shape.AsSpan().SequenceEqual(value.shape), $"{row.Key} has shape ({string.Join(", ", row.Shape)}), ours ({string.Join(", ", value.shape)})");
            double scale = 1;
            if (place.Part == "alpha" && alphas.TryGetValue(place.Path, out double meant)) scale = meant / row.Sums[0];
            // A peer that drops alpha keeps the factor as it was.
            else if (place.Part == "up" && dialect.Name == "diffusers") scale = adapter.Targets[place.Path].Parts.First(p => p.Part == "alpha").Value.ToDouble() / row.Shape[1];
            else if (place.Part == "up" && dialect.Name is "diffusers-mid" or "diffusers-old" && alphas.TryGetValue(place.Path, out double beside)) scale = beside / row.Shape[1];
            AssertSums(row, value, scale);
        }
        if (dialect.Refuses(adapter, model) is null) AssertWritten(rows, adapter, model, dialect, places, ours.ContainsKey);
        if (golden.TryGetProperty("adapter_config", out var configs)) AssertConfig(configs.GetProperty(rows[0].Folder), adapter, model);
    }

    // diffusers' second step from SGM's names to its own.
    static readonly (string Sgm, string Own)[] words =
    [
        ("input_blocks", "down_blocks"), ("middle_block", "mid_block"), ("output_blocks", "up_blocks"), ("in_layers_2", "conv1"), ("out_layers_3", "conv2"),
        ("emb_layers_1", "time_emb_proj"), ("skip_connection", "conv_shortcut"), ("downsamplers_0_op", "downsamplers_0_conv"),
    ];

    static (string Path, string Part)? Place(PlacedKeys places, Row row, Adapter adapter) =>
        places.Place(row.Key, adapter) ?? places.Place(words.Aggregate(row.Key, (key, word) => key.Replace(word.Sgm, word.Own, StringComparison.Ordinal)), adapter);

    // Alphas that the peer tells beside its tensors, by target: keys of diffusers' network_alphas are a module's name or the down factor's key, and ".alpha".
    static Dictionary<string, double> ToldAlphas(JsonElement golden, PlacedKeys places)
    {
        const string Alpha = ".alpha";
        var told = new Dictionary<string, double>();
        foreach (string field in new[] { "network_alphas", "alphas_that_keep_the_meaning" })
            foreach (var entry in golden.TryGetProperty(field, out var given) && given.ValueKind == JsonValueKind.Object ? given.EnumerateObject().ToList() : [])
            {
                string name = entry.Name.EndsWith(Alpha, StringComparison.Ordinal) ? entry.Name[..^Alpha.Length] : entry.Name;
                foreach (string down in new[] { "", "_lora.down.weight", ".lora.down.weight", ".lora_linear_layer.down.weight" })
                    if (name.EndsWith(down, StringComparison.Ordinal) && places.Named(name[..^down.Length]) is { } target) told[target.Path] = entry.Value.GetDouble();
                Assert.True(told.Count > 0, $"{entry.Name} names no layer");
            }
        return told;
    }

    // Every part that the dialect has a key for, as it is written.
    static Dictionary<(string Path, string Part), Tensor> Values(Adapter adapter, Dialect dialect)
    {
        var values = new Dictionary<(string, string), Tensor>();
        foreach (var (path, made) in adapter.Targets)
            foreach (var (part, value) in made.Parts)
                if (!dialect.Layout.LeavesOut(made, part) && dialect.Spelling.KeyOf(made, part, path, RoleOf(path)) is not null)
                    values.Add((path, part), dialect.Layout.Write(made, part, value.detach()));
        return values;
    }

    static ComponentRole RoleOf(string path) => path.StartsWith("text_encoder", StringComparison.Ordinal) ? ComponentRole.TextEncoder : ComponentRole.Denoiser;

    static void AssertSums(Row row, Tensor value, double scale)
    {
        double relative = GoldenGroup.Open("files").Json.GetProperty("tolerance").GetProperty("summary_relative").GetDouble();
        var exact = value.to(ScalarType.Float64);
        double[] got = [exact.sum().ToDouble(), exact.abs().sum().ToDouble(), exact.norm().ToDouble()];
        for (int i = 0; i < got.Length; i++)
            Assert.True(Math.Abs(got[i] - scale * row.Sums[i]) <= relative * Math.Abs(scale * row.Sums[i]) + (i == 0 ? 1e-5 : 0), $"number {i} of {row.Key} is {got[i]}, expected {scale} times {row.Sums[i]}");
    }

    // The file itself, in the peer's dtype: its keys belong to the same places; where the dialect has one name for a layer, it is the peer's.
    static void AssertWritten(List<Row> rows, Adapter adapter, ModelDescription model, Dialect dialect, PlacedKeys places, Func<(string, string), bool> has) => InFolder(folder =>
    {
        string path = Path.Combine(folder, dialect.Packaging.WritesFolder ? "peft" : "adapter.safetensors");
        AdapterConversion.Write(path, adapter, model, dialect, Enum.Parse<ScalarType>(rows.First(row => row.Shape.Length > 0).Dtype, ignoreCase: true));
        using var written = AdapterFile.Open(path);
        if (dialect.Name is "diffusers" or "diffusers-mid" or "peft")
            Assert.Equal(rows.Select(row => row.Key).Order(StringComparer.Ordinal), written.Tensors.Select(t => t.Name).Where(key => has(places.Place(key, adapter)!.Value)).Order(StringComparer.Ordinal));
        var stored = written.Tensors.ToDictionary(t => places.Place(t.Name, adapter)!.Value);
        foreach (var row in rows)
        {
            var (_, dtype, shape) = stored[Place(places, row, adapter)!.Value];
            Assert.Equal(row.Shape, shape);
            if (shape.Length > 0) Assert.Equal(row.Dtype, dtype.ToScalarType().ToString().ToLowerInvariant());
        }
    });

    // The peer's configuration with our tensors is the same adapter.
    static void AssertConfig(JsonElement config, Adapter adapter, ModelDescription model) => InFolder(folder =>
    {
        AdapterFile.Write(folder, adapter, model, "peft");
        using var own = PeftFolder.Open(folder);
        Assert.Equal(config.GetProperty("peft_type").GetString(), own.Config.Type);
        if (config.GetProperty("target_modules") is { ValueKind: JsonValueKind.Array } modules)
            Assert.Equal(adapter.Targets.Keys.Select(path => path[(path.IndexOf('.') + 1)..]).Order(StringComparer.Ordinal), modules.EnumerateArray().Select(module => module.GetString()!).Order(StringComparer.Ordinal));
        using var theirs = new PeftFolder(Safetensors.Open(Path.Combine(folder, PeftFolder.Weights)), config);
        using var again = AdapterFile.Read(theirs, model);
        AssertSame(adapter, again, model, "peft with the peer's configuration");
    });

    static void AssertMeaningIsKept(Adapter adapter, ModelDescription model)
    {
        var holding = Dialects.Holding(adapter, model);
        Assert.Contains(holding, dialect => dialect.Name != adapter.Dialect);
        foreach (var dialect in holding)
            InFolder(folder =>
            {
                string path = Path.Combine(folder, dialect.Packaging.WritesFolder ? "peft" : "adapter.safetensors");
                AdapterConversion.Write(path, adapter, model, dialect);
                using var again = AdapterFile.Read(path, model);
                Assert.Equal(dialect.Name, again.Dialect);
                AssertSame(adapter, again, model, dialect.Name);
            });
    }

    static void AssertSame(Adapter adapter, Adapter other, ModelDescription model, string dialect)
    {
        Assert.Equal(adapter.Targets.Keys.Order(StringComparer.Ordinal), other.Targets.Keys.Order(StringComparer.Ordinal));
        foreach (var compared in AdapterComparison.Compare(adapter, other, model, WeightSources.Of(model)))
            Assert.True(compared.Relative <= 1e-6, $"{compared.Path} differs by {compared.Relative:g3} of its change as {dialect}");
    }

    static void InFolder(Action<string> act)
    {
        string folder = Directory.CreateTempSubdirectory("lowrank-conversions-").FullName;
        try
        {
            act(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>PEFT's r, alpha and rsLoRA as the one alpha of kohya's files. It is written in float32 whatever the factors' dtype, for half the digits of alpha·√r would not survive; files in
    /// which others rounded it are read as they stand.</summary>
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Alphas)), Trait("kind", "goldens")]
    public void AlphaBaking(int index) => Golden.Run(Baking, $"{index}", () => InFolder(folder =>
    {
        var golden = baking.Value[index];
        var config = golden.GetProperty("peft");
        using var host = new FilesHost(FilesHost.Names.First());
        var model = Of(host.Model, component => component.Name == "unet");
        var target = model.Components[0].Targets.Select(t => t.Target).First(t => t.Kind == LayerKind.Linear);
        string name = "base_model.model." + target.Path["unet.".Length..], weights = Path.Combine(folder, "peft.safetensors"), file = Path.Combine(folder, "kohya.safetensors");
        long rank = config.GetProperty("r").GetInt64();
        Safetensors.Save(weights, [new(name + ".lora_A.weight", ones(rank, target.In)), new(name + ".lora_B.weight", ones(target.Out, rank))]);
        var fields = config.EnumerateObject().ToDictionary(field => field.Name, field => (object)field.Value);
        fields["peft_type"] = "LORA";
        using var peft = new PeftFolder(Safetensors.Open(weights), JsonSerializer.SerializeToElement(fields));
        using var adapter = AdapterFile.Read(peft, model);
        Assert.Equal(golden.GetProperty("scale").GetDouble(), ((Lora)adapter.Targets[target.Path]).Scale, 1e-6 * golden.GetProperty("scale").GetDouble());

        AdapterConversion.Write(file, adapter, model, Dialects.Named("kohya"), ScalarType.Float16);
        double alpha = golden.GetProperty("stored_alpha").GetDouble();
        using (var kohya = Safetensors.Open(file))
            Assert.Equal(alpha, kohya.ReadScalar(kohya.Tensors.Single(t => t.Name.EndsWith(".alpha", StringComparison.Ordinal)).Name), 1e-6 * alpha);
        using (var again = AdapterFile.Read(file, model)) AssertSame(adapter, again, model, "kohya");

        foreach (var (dtype, field) in new[] { (ScalarType.Float16, "stored_alpha_fp16"), (ScalarType.BFloat16, "stored_alpha_bf16") })
        {
            var rounded = AdapterFile.Spell(adapter, model, Dialects.Named("kohya")).Select(t => KeyValuePair.Create(t.Key, t.Value.to(dtype)));
            Safetensors.Save(file, rounded);
            using var read = AdapterFile.Read(file, model);
            double stored = golden.GetProperty(field).GetDouble();
            Assert.Equal(stored, ((Lora)read.Targets[target.Path]).Alpha, 1e-6 * stored);
        }
    }));
}
