namespace Lowrank.Training.Tests;

/// <summary>Every setting that is given acts on the run, or the account names it with the reason.</summary>
public sealed class SettingsTests : IDisposable
{
    readonly Trial trial = new();

    // What says where things lie or how they are computed, and not what is learnt.
    static readonly string[] ways =
    [
        "base_model", "base_model_config", "pictures", "output", "name", "strict", "device", "threads", "gradient_checkpointing", "allow_upscale", "resume",
        "overwrite", "save_every_minutes", "max_tokens", "init_adapter",
    ];

    // Values that a run of the tiny model can be made with.
    static readonly Dictionary<string, string[]> values = new()
    {
        ["alpha"] = ["1"], ["conv_rank"] = ["1"], ["method_args"] = ["lora_dropout=0.3"], ["warmup"] = ["2"], ["epochs"] = ["1"], ["steps"] = ["2"], ["batch_size"] = ["1"],
        ["width"] = ["24"], ["height"] = ["24"], ["optimizer"] = ["sgd"], ["schedule"] = ["constant"], ["tensorboard"] = ["true"], ["train_unet"] = ["false"], ["sample_prompts"] = ["a cat"], ["save_every"] = ["1"],
        ["max_grad_norm"] = ["0.001"], ["exclude"] = ["attn2"], ["targets"] = ["conv_in"], ["rules"] = ["match=*.attn2.* rank=1"], ["prediction"] = ["v_prediction"],
        ["block_ranks"] = [.. Enumerable.Repeat("1", 25)], ["block_alphas"] = [.. Enumerable.Repeat("1", 25)], ["block_conv_ranks"] = [.. Enumerable.Repeat("1", 25)],
        ["block_conv_alphas"] = [.. Enumerable.Repeat("1", 25)], ["block_learning_rates"] = [.. Enumerable.Repeat("0.5", 25)], ["caption_dropout"] = ["0.9"], ["preset"] = ["full"],
        ["scale_weight_norms"] = ["0.0001"], ["precondition"] = ["true"], ["multires_noise_iterations"] = ["3"], ["huber_c"] = ["0.2"], ["rank_dropout"] = ["0.9"],
        ["module_dropout"] = ["0.5"], ["dropout"] = ["0.5"], ["cycles"] = ["4"], ["weight_decay"] = ["0.9"], ["epsilon"] = ["0.1"], ["beta2"] = ["0.5"], ["max_timestep"] = ["300"],
    };

    // What has to be said beside a field for the run to be made at all.
    static readonly Dictionary<string, string> beside = new()
    {
        ["train_unet"] = "train_text_encoder: true", ["sample_every"] = "sample_prompts: [a cat]", ["zero_terminal_snr"] = "prediction: v_prediction", ["steps"] = "epochs: 1",
        ["scheduler_args"] = "schedule: cosine_with_restarts",
    };

    public static IEnumerable<TheoryDataRow<string>> Fields =>
        PictureRecipe.Form.Fields.Where(f => f is not TaskField && !ways.Contains(f.Name)).Select(f => new TheoryDataRow<string>(f.Name));

    [Theory, MemberData(nameof(Fields))]
    public void ASettingActsOrIsTold(string name)
    {
        var field = PictureRecipe.Form.Named(name);
        var usual = Base(beside.GetValueOrDefault(name));
        var changed = (values.GetValueOrDefault(name) ?? RecipeValues.Others[name]).Aggregate(field.Emptied(usual), field.With);
        Assert.SkipWhen(field.Get(changed) == field.Get(usual), "the only other value is the one that stands there");
        bool isTold = changed.Idle().Any(line => line.Name == $"idle_{name}");
        Assert.True(isTold || Differs(usual, changed), $"{name} is {field.Get(changed)}, and neither the run nor its account is another");
    }

    TrainingRecipe Base(string? more)
    {
        var recipe = trial.Recipe.With((OptimizationSection s) => s with { Steps = 3, BatchSize = 2 });
        foreach (var line in more is null ? [] : more.Split('\n'))
        {
            var (name, value) = (line.Split(": ")[0], line.Split(": ")[1].Trim('[', ']'));
            recipe = PictureRecipe.Form.Named(name).With(recipe, value);
        }
        return recipe;
    }

    bool Differs(TrainingRecipe usual, TrainingRecipe changed)
    {
        var (one, oneTold) = Trace(usual, "usual");
        var (other, otherTold) = Trace(changed, "changed");
        if (!oneTold.SequenceEqual(otherTold)) return true;
        return !one.Keys.Order().SequenceEqual(other.Keys.Order()) || one.Any(pair => !pair.Value.AsSpan().SequenceEqual(other[pair.Key]));
    }

    // What a run leaves: tensors of its state and adapter, and names of files. Names of what is not used count as told.
    (Dictionary<string, byte[]> Left, string[] Told) Trace(TrainingRecipe recipe, string name)
    {
        string output = trial[$"out-{name}/"];
        var recorder = new Recorder();
        var result = TrainingRun.Run(recipe.With((SavingSection s) => s with { Output = output, Name = "x" }), [recorder]);
        var left = Trial.Bits(result.Files.State);
        foreach (var (key, bytes) in Trial.Bits(AdapterPlace.TensorsOf(result.AdapterPath))) left[$"file {key}"] = bytes;
        foreach (var file in Directory.GetFiles(output, "*", SearchOption.AllDirectories).Where(file => !file.Contains("events")))
            left[$"name {Path.GetRelativePath(output, file)}"] = file.EndsWith(".png", StringComparison.Ordinal) ? File.ReadAllBytes(file) : [];
        if (Directory.Exists(Path.Combine(trial.Pictures, ".lowrank-cache"))) left["kept"] = [];
        if (Directory.Exists(Path.Combine(output, "logs"))) left["logs"] = [];
        return (left, [.. recorder.Account.Where(line => line.NotUsed).Select(line => line.Name)]);
    }

    public void Dispose() => trial.Dispose();
}
