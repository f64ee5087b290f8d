using System.IO.Compression;
using Lowrank.Torch;
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Storage = Lowrank.Torch.Layers.Storage;

namespace Goldens;

/// <summary>Lists of the real models' modules and weights: our presets have exactly these names and shapes, and the UNets' key-maps give exactly these LDM names.</summary>
public sealed class ModuleListGoldens
{
    sealed record Row(string Component, string Name, string Shape, string Ldm);

    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    static IEnumerable<string> Lists => new[] { "files/names", "diffusion/naming" }.Select(folder => Path.Combine(GoldenFolder.Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder)).Where(file => file.Contains(".tsv", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> Cases => Lists.Select(file => new TheoryDataRow<string>(Path.GetRelativePath(GoldenFolder.Root, file).Replace('\\', '/')));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Modules(string list) => Golden.Run("module lists", list, () =>
    {
        foreach (var component in Read(Path.Combine(GoldenFolder.Root, list)).GroupBy(row => row.Component))
        {
            var rows = component.ToList();
            var (module, map) = Presets(component.Key).Select(make => make()).FirstOrDefault(preset => Holds(preset.Module, rows));
            if (module is null) throw Golden.NotCovered($"no preset has the modules of {component.Key}");
            if (map is null) continue;
            map.Verify(rows.Select(row => ModuleOf(row.Name)).Distinct());
            foreach (var row in rows) Assert.Equal(ModuleOf(row.Ldm), map.ToOther(ModuleOf(row.Name)));
        }
    });

    static IEnumerable<Func<(nn.Module? Module, KeyMap? Map)>> Presets(string component) => component switch
    {
        "unet" => new[] { UNetConfig.Sd15, UNetConfig.Sd21, UNetConfig.Sdxl }.Select(config => new Func<(nn.Module?, KeyMap?)>(() =>
            (new UNet2DConditionModel(config, nowhere), UNet2DConditionModel.LdmNames(config)))),
        "vae" => [() => (new AutoencoderKL(VaeConfig.Sd15, nowhere), null)],
        _ => new[] { ClipTextConfig.Sd15, ClipTextConfig.Sd21, ClipTextConfig.SdxlSecond }.Select(config => new Func<(nn.Module?, KeyMap?)>(() =>
            (new ClipTextModel(config, nowhere), null))),
    };

    // A list names weights and biases, or modules with the shape of their weight.
    static bool Holds(nn.Module? model, IReadOnlyList<Row> rows)
    {
        bool modulesOnly = rows.All(row => row.Name == ModuleOf(row.Name));
        var ours = model!.state_dict().Where(pair => !modulesOnly || pair.Key.EndsWith(".weight", StringComparison.Ordinal))
            .Select(pair => $"{(modulesOnly ? ModuleOf(pair.Key) : pair.Key)} {string.Join('x', pair.Value.shape)}");
        return ours.ToHashSet().SetEquals(rows.Select(row => $"{row.Name} {row.Shape}"));
    }

    static string ModuleOf(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^".weight".Length] : name.EndsWith(".bias", StringComparison.Ordinal) ? name[..^".bias".Length] : name;

    // Columns by their heads; the two kinds of list differ in them.
    static IEnumerable<Row> Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        string[] heads = reader.ReadLine()!.Split('\t');
        int Column(params string[] names) => Array.FindIndex(heads, names.Contains);
        int component = Column("component"), name = Column("diffusers", "diffusers_key"), shape = Column("shape", "diffusers_shape"), ldm = Column("ldm", "ldm_key");
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split('\t');
            yield return new Row(fields[component], fields[name], fields[shape], fields[ldm].Replace("model.diffusion_model.", "", StringComparison.Ordinal));
        }
    }
}
