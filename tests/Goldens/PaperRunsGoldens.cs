using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>The LoRA paper's own training runs: E2E over GPT-2, GLUE over RoBERTa, their schedules and their checkpoint.</summary>
public sealed class PaperRunsGoldens
{
    const string Group = "training/paper";

    static string Folder => Path.Combine(GoldenFolder.Root, "training", "paper");

    static readonly Lazy<JsonElement> json = new(() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json"))).RootElement);

    static JsonElement Json => json.Value;

    // A folder without the group has no file to read either.
    static IEnumerable<TheoryDataRow<string>> Names(Func<JsonElement> list, string field = "name") => GoldenFolder.Groups.Contains(Group)
        ? list().EnumerateArray().Select(one => new TheoryDataRow<string>(one.GetProperty(field).GetString()!)) : [];

    static JsonElement Named(JsonElement list, string name, string field = "name") =>
        list.EnumerateArray().First(one => one.GetProperty(field).GetString() == name);

    public static IEnumerable<TheoryDataRow<string>> Runs => Names(() => Json.GetProperty("cases"));

    public static IEnumerable<TheoryDataRow<string>> Schedules => Names(() => Json.GetProperty("schedules"), "scheduler");

    public static IEnumerable<TheoryDataRow<string>> Tasks => Names(() => Json.GetProperty("glue").GetProperty("cases"));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Schedules)), Trait("kind", "goldens")]
    public void Schedule(string name) => Golden.Run(Group + "/schedules", name, () =>
    {
        var told = Named(Json.GetProperty("schedules"), name, "scheduler");
        double rate = told.GetProperty("base_lr").GetDouble();
        var arguments = new Dictionary<string, string>();
        if (name == "cycle")
        {
            arguments["cycle_steps"] = told.GetProperty("i_steps").GetString()!;
            var rates = told.GetProperty("i_lrs").GetString()!.Split(',').Select(one => double.Parse(one, System.Globalization.CultureInfo.InvariantCulture));
            arguments["cycle_shares"] = string.Join(',', rates.Select(one => PlainValue.Text(one / rate)));
        }
        var schedule = Of(name).Create(rate, told.GetProperty("max_step").GetInt32(), told.GetProperty("warmup_step").GetInt32(), arguments);
        foreach (var (step, want) in told.GetProperty("lr_of_step").EnumerateArray().Index()) Assert.Equal(want.GetDouble(), schedule.At(step), 1e-9);
    });

    static ScheduleDescriptor Of(string name) => LearningRateSchedules.Named(name == "cosine" ? "cosine_from_start" : name);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Runs)), Trait("kind", "goldens")]
    public void Run(string name) => Golden.Run(Group, name, () =>
    {
        var c = Named(Json.GetProperty("cases"), name);
        var (config, expected) = (c.GetProperty("config"), c.GetProperty("expected"));
        if (config.TryGetProperty("dropout", out _)) throw Golden.NotCovered("recorded masks of a dropout");
        using var file = Containers.Open(Path.Combine(Folder, "data.safetensors"));
        using var model = LanguageModels.Load<CausalModel>(Path.Combine(Folder, "tiny-gpt2"), new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
        var run = new PaperRun(file, model, config, c.GetProperty("init").GetString()!.TrimEnd('*'), name);
        using var adapter = run.Adapter;
        using var attachment = model.Describe().Attach(adapter);
        adapter.Train(true);
        bool joint = config.TryGetProperty("obj", out var obj) && obj.GetString() == "jlm";
        var batches = PaperBatches.Of(Json, c.GetProperty("micro_batches"), joint);
        double smoothing = config.GetProperty("label_smooth").GetDouble();
        var task = new ShownLosses(new LanguageTrainingTask(model, new SupervisedObjective(new(LabelSmoothing: smoothing, AddedToCount: 0.0001)), batches,
            new() { Accumulation = run.Accumulation, WeighsTokens = false }));
        run.Train(task, expected, c.GetProperty("tolerance"));
        attachment.AssertUsed();
        adapter.Train(false);
        Validate(model, expected, c.GetProperty("tolerance"), joint);
    });

    static void Validate(CausalModel model, JsonElement expected, JsonElement tolerance, bool joint)
    {
        var batches = PaperBatches.Of(Json, Json.GetProperty("validation_batches"), joint);
        var task = new LanguageTrainingTask(model, new SupervisedObjective(new(AddedToCount: 0.0001)), batches);
        using var grad = no_grad();
        var losses = Enumerable.Range(0, batches.PerEpoch).Select(number => task.Loss(number).ToDouble()).ToList();
        foreach (var (want, loss) in expected.GetProperty("valid_loss_per_batch").EnumerateArray().Zip(losses))
            Assert.Equal(want.GetDouble(), loss, tolerance.GetProperty("loss_abs").GetDouble());
        Assert.Equal(expected.GetProperty("valid_loss").GetDouble(), losses.Average(), tolerance.GetProperty("loss_abs").GetDouble());
        Assert.Equal(expected.GetProperty("valid_perplexity").GetDouble(), Math.Exp(losses.Average()), 1e-4);
    }

    [Fact, Trait("kind", "goldens")]
    public void Checkpoint() => Golden.Run(Group + "/checkpoint", "model.7.pt", () =>
    {
        using var file = Containers.Open(Path.Combine(Folder, "model.7.pt"));
        using var after = Containers.Open(Path.Combine(Folder, "data.safetensors"));
        var told = Json.GetProperty("checkpoint").GetProperty("at_save_interval");
        string front = told.GetProperty("top_level")[0].GetString()! + ".";
        var keys = told.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!).ToList();
        Assert.Equal(keys.Select(key => front + key).Order(), file.Tensors.Select(tensor => tensor.Name).Order());
        foreach (string key in keys)
            GoldenList.AssertSame(after.Read("e2e-acc1.after_7." + key["module.transformer.".Length..]), file.Read(front + key), key);
    });

    // One run hands its factors to the next, as MNLI's do.
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Tasks)), Trait("kind", "goldens")]
    public void Glue(string name) => Golden.Run(Group + "/glue", name, () =>
    {
        var c = Named(Json.GetProperty("glue").GetProperty("cases"), name);
        using var file = Containers.Open(Path.Combine(Folder, "data.safetensors"));
        new PaperGlueRun(file, Path.Combine(Folder, "tiny-roberta"), c).Check();
    });
}
