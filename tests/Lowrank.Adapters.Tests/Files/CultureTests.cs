using System.Globalization;
using System.Text.Json;

namespace Lowrank.Adapters.Tests;

/// <summary>Files and texts are the same bytes under a culture that writes 0.5 as 0,5 and -1 with another sign.</summary>
/// <remarks>The culture is made here: tests run without those of the machine. Packages are tried under German and Turkish in <c>Lowrank.Packaging.Tests</c>.</remarks>
public class CultureTests
{
    static readonly CultureInfo plain = CultureInfo.InvariantCulture;

    static CultureInfo WithCommas()
    {
        var culture = (CultureInfo)plain.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NaNSymbol = "keine Zahl";
        return culture;
    }

    public static IEnumerable<TheoryDataRow<string>> Written => Dialects.All.Where(d => d.Refuses(Example, EveryLayer.Of("sd1").Description) is null).Select(d => new TheoryDataRow<string>(d.Name));

    static readonly Adapter Example = Made();

    static Adapter Made()
    {
        var targets = EveryLayer.Of("sd1").Description.Components.SelectMany(c => c.Targets).Select(t => t.Target).Where(t => t.Kind == LayerKind.Linear).Take(3);
        var adapter = AdapterFactory.Create(targets, new LoraOptions(4, 2.5), name: "ink");
        using var grad = no_grad();
        using var generator = new Generator(1);
        foreach (var part in adapter.Trainable) part.normal_(generator: generator);
        return adapter;
    }

    [Theory, MemberData(nameof(Written))]
    public void FilesAreTheSameBytesAndAreReadAlike(string dialect)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var model = EveryLayer.Of("sd1").Description;
        var metadata = new Dictionary<string, string> { ["ss_learning_rate"] = "0.5" };
        var (want, told) = Under(plain, "plain");
        var (have, alsoTold) = Under(WithCommas(), "commas");
        Assert.Equal(want, have);
        Assert.Equal(told, alsoTold);

        (IReadOnlyList<byte[]> Files, string Told) Under(CultureInfo culture, string name)
        {
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = culture;
            try
            {
                string path = folder.File(dialect == "peft" ? name : name + ".safetensors");
                AdapterFile.Write(path, Example, model, dialect, metadata: metadata);
                using var read = AdapterFile.Read(path, model);
                foreach (var (target, made) in read.Targets) Close.Equal(Change(Example.Targets[target]), Change(made));
                using var file = AdapterFile.Open(path);
                var files = Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal) : (IEnumerable<string>)[path];
                string described = JsonSerializer.Serialize(AdapterInspection.Measure(file)).Replace(JsonEncodedText.Encode(path).ToString(), "PATH", StringComparison.Ordinal);
                return ([.. files.Select(File.ReadAllBytes)], described);
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }
    }

    // Δ = alpha / rank · up · down, alpha 2.5 and rank 4 wherever the dialect keeps them.
    static Tensor Change(Reparameterization made)
    {
        var parts = made.Parts.ToDictionary(p => p.Part, p => p.Value.detach().to(ScalarType.Float64));
        double scale = parts["alpha"].ToDouble() / parts["down"].shape[0];
        return parts["up"].mm(parts["down"]) * scale;
    }

    [Fact]
    public void TextsAreTheSame()
    {
        using var net = new SequenceModel(new Linear(7, 5));
        using var adapters = net.AddLora("*", rank: 2);
        adapters["default"].Strength = -0.25;
        var want = Texts(plain);
        Assert.Contains("at strength -0.25", want[0]);
        Assert.Contains("chance -0.5", want[2].Replace("Dropout", "chance", StringComparison.Ordinal));
        Assert.Equal(want, Texts(WithCommas()));

        List<string> Texts(CultureInfo culture)
        {
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = culture;
            try
            {
                return
                [
                    $"{adapters.Status()[0]}", $"{adapters.TrainableSummary()}",
                    Said(() => net.AddLora("*", rank: 2, dropout: -0.5, name: "other")),
                    Said(() => net.AddAdapter("*", new LoraOptions(2, double.NaN), name: "other")),
                    Said(() => new FusedAdamW(adapters.Trainable, -0.1).Dispose()),
                    Said(() => new CombineOptions { Density = 1.5 }.Check()),
                    Said(() => adapters["default"].Strength = double.NaN),
                    Merged(),
                ];
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }
        }

        static string Said(Action act) => Assert.Throws<LowrankException>(act).Message;

        string Merged()
        {
            adapters.Merge();
            string said = Said(() => adapters["default"].Strength = 0.5);
            adapters.Unmerge();
            Assert.Contains("at strength -0.25", said);
            return said;
        }
    }
}
