using Lowrank.Adapters;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Workbench;
using TorchSharp;
using static TorchSharp.torch;
using Storage = Lowrank.Torch.Layers.Storage;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>
/// Over every language model of the goldens, whatever its family and however its file lies: an adapter of all its matrices that is merged
/// into the files gives what it gives attached, and what is extracted from the two models is the adapter.
/// </summary>
public sealed class MergedModelLaws : IDisposable
{
    // Rank and alpha differ, so that the scale counts.
    const int Rank = 2;
    const double Alpha = 3;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Saved without the head that its config names, so that nothing opens it but who asks for the body.
    const string Headless = "language/models2/old-bert-prefix";

    public static IEnumerable<TheoryDataRow<string>> Folders => new[] { "models", "models2" }
        .Select(group => Path.Combine(GoldenFolder.Root, "language", group)).Where(Directory.Exists)
        .SelectMany(group => Directory.EnumerateFiles(group, "config.json", SearchOption.AllDirectories))
        .Select(config => Path.GetRelativePath(GoldenFolder.Root, Path.GetDirectoryName(config)!).Replace('\\', '/'))
        .Where(place => place.Count(sign => sign == '/') == 2 && place != Headless)
        .Order(StringComparer.Ordinal).Select(place => new TheoryDataRow<string>(place));

    public static IEnumerable<TheoryDataRow<string>> Files => new[] { Path.Combine(GoldenFolder.Root, "language", "gguf2", "gguf") }
        .Where(Directory.Exists).SelectMany(group => Directory.EnumerateFiles(group, "*.gguf"))
        .Select(file => Path.GetRelativePath(GoldenFolder.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)
        .Select(place => new TheoryDataRow<string>(place));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Folders))]
    public void OfAFolder(string place) => Check(Path.Combine(GoldenFolder.Root, place), folder["merged"]);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Files))]
    public void OfAGgufFile(string place) => Check(Path.Combine(GoldenFolder.Root, place), folder["merged.gguf"]);

    void Check(string place, string merged)
    {
        string written = folder["adapter"], extracted = folder["extracted"];
        var (attached, plain) = Attached(place, written);
        Assert.False(plain.allclose(attached, 1e-3, 1e-3), "the adapter changes the answer");
        var cancel = TestContext.Current.CancellationToken;
        new MergingJob().Run(new(merged) { Base = new(place), Adapters = [new(written)], Dtype = ScalarType.Float32, Device = "cpu" }, null, cancel);
        using (var model = LanguageModels.Load(merged, new Storage(ScalarType.Float32)))
        {
            using var grad = no_grad();
            double off = (Answer(model) - attached).abs().max().ToDouble(), scale = attached.abs().max().ToDouble();
            Assert.True(off <= 2e-4 * scale, $"merged is off by {off:g3} of {scale:g3}");
        }
        var how = new ExtractingRequest(new(place), merged, new(extracted, null, ScalarType.Float32)) { Ranks = new() { Rank = Rank }, FullSvd = true, Device = "cpu" };
        new ExtractingJob().Run(how, null, cancel);
        var compared = new VerifyingJob().Run(new(written, extracted) { Base = new(place), Tolerance = 1e-3, Device = "cpu" }, null, cancel);
        Assert.True(compared.Equal, $"extracted is off by {compared.Largest:g3} at {compared.LargestAt}");
    }

    // Attached, an adapter of one end leaves the other as it is; in the file they are one tensor.
    [Theory(SkipTestWithoutData = true)]
    [InlineData("models/gpt2", "adapters/lora-embedding")]
    [InlineData("models2/granite", "adapters2/tied-saved-without")]
    public void OneEndOfATiedTableIsRefused(string model, string adapter)
    {
        string language = Path.Combine(GoldenFolder.Root, "language");
        var request = new MergingRequest(folder["merged"])
        {
            Base = new(Path.Combine(language, model)), Adapters = [new(Path.Combine(language, adapter))], Dtype = ScalarType.Float32, Device = "cpu",
        };
        string fault = Assert.Throws<LowrankException>(() => new MergingJob().Run(request, null, TestContext.Current.CancellationToken)).Message;
        Assert.Contains("are one weight", fault);
        Assert.Contains("leave the adapters attached", fault);
        Assert.False(Directory.Exists(folder["merged"]));
    }

    // The answers with a random adapter of every matrix, which is written beside, and without.
    static (Tensor With, Tensor Without) Attached(string place, string written)
    {
        using var grad = no_grad();
        using var model = LanguageModels.Load(place, new Storage(ScalarType.Float32));
        var plain = Answer(model);
        var description = model.Describe();
        using var adapter = Made(description);
        AdapterFile.Write(written, adapter, description, "peft");
        using var attached = description.Attach(adapter);
        return (Answer(model), plain);
    }

    static Adapter Made(ModelDescription model)
    {
        var component = Assert.Single(model.Components);
        var targets = component.Targets.Select(one => one.Target).Where(target => target.Kind is LayerKind.Linear or LayerKind.TransposedLinear)
            .Where(target => !component.TiedTo.ContainsKey(component.PathOf(target)));
        using var generator = new Generator(5);
        return new("adapter", [.. targets.Select(target => new Lora(target, Random(Rank, target.In), Random(target.Out, Rank), alpha: Alpha))]);

        Tensor Random(long rows, long columns) => randn(rows, columns, generator: generator) * 0.2;
    }

    static Tensor Answer(LanguageNetwork model)
    {
        using var generator = new Generator(7);
        // No begin, end or pad token among them.
        var ids = randint(5, Math.Min(model.Config.VocabularySize, 60), [2, 9], dtype: ScalarType.Int64, generator: generator);
        var input = new LanguageInput(ids);
        return model switch
        {
            CausalModel causal => causal.Logits(causal.Run(input).Hidden),
            ScoreModel scores => scores.Scores(input),
            ClassifierModel classes => classes.Scores(input),
            TokenClassifierModel tokens => tokens.Scores(input),
            MaskedModel words => words.Logits(words.Run(input).Hidden),
            BodyModel states => states.Run(input).Hidden,
            AnswerModel answers => Joined(answers.Scores(input)),
            SequenceToSequenceModel pairs => Decoded(pairs, input),
            _ => throw Golden.NotCovered($"what a {model.GetName()} answers"),
        };
    }

    static Tensor Joined((Tensor Begins, Tensor Ends) scores) => cat([scores.Begins, scores.Ends]);

    static Tensor Decoded(SequenceToSequenceModel model, LanguageInput input)
    {
        using var memory = model.Encode(input);
        return model.Logits(model.Decode(new(input.Ids), memory).Hidden);
    }
}
