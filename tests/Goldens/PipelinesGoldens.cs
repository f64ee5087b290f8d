using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Diffusion;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Whole pipelines of diffusers, from text, from a picture, and of a part of a picture: draws, embeddings, latents after every step, final latents and pictures.</summary>
public sealed class PipelinesGoldens
{
    const string Group = "diffusion/pipelines";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Pipeline(string name) => Golden.Run(Group, name, c =>
    {
        if (!pipelines.Contains(c["pipeline"].GetString()!)) throw Golden.NotCovered(c["pipeline"].GetString()!);
        var scheduler = SchedulerConfig.Parse(c["scheduler"], c["scheduler"].GetProperty("kind").GetString());
        if (Schedulers.Supporting(scheduler, out var whyNot) is null) throw Golden.NotCovered(whyNot!);
        foreach (var setting in c["settings"].EnumerateObject())
            if (!known.Contains(setting.Name)) throw Golden.NotCovered($"the setting {setting.Name}");
        bool xl = c["pipeline"].GetString()!.Contains("XL", StringComparison.Ordinal);
        if (xl && c["settings"].TryGetProperty("clip_skip", out _)) throw Golden.NotCovered("clip skip of XL, which web UIs do not heed");
        var adapters = AdaptersOf(c).ToList();
        using var model = StableDiffusion.Load(ModelFolder(c), Lowrank.Torch.Layers.Storage.Default);
        var options = Options(c, scheduler, model);
        var attached = adapters.Select(a => Attach(model, a.Path, a.Strength)).ToList();
        TextToImage(c, model, options);
        if (attached.Count == 0) return;
        foreach (var attachment in attached) attachment.AssertUsed();
        model.Describe().Merge();   // worked into the weights they give the same
        c.AssertClose(new TextToImage(model, Precision.Float32, CPU).Latents(options), c.Expected("final_latents"), "final_latents, merged");
    });

    // Each with its strength: one number, or one for each component.
    static IEnumerable<(string Path, JsonElement Strength)> AdaptersOf(GoldenCase c)
    {
        if (c["lora"].ValueKind != JsonValueKind.Array) yield break;
        foreach (var lora in c["lora"].EnumerateArray())
        {
            string path = Path.Combine(c.Group.Folder, lora[0].GetString()!);
            using var file = Containers.Open(path);
            if (!Dialects.All.Any(d => d.Recognizes(file.Tensors.Select(t => t.Name)))) throw Golden.NotCovered($"the dialect of {lora[0]}");
            yield return (path, lora[1]);
        }
    }

    static Attachment Attach(StableDiffusion model, string path, JsonElement strength)
    {
        var description = model.Describe();
        bool single = strength.ValueKind == JsonValueKind.Number;
        var attachment = description.Attach(AdapterFile.Read(path, description), single ? strength.GetDouble() : 0);
        if (!single)
            foreach (var component in strength.EnumerateObject()) attachment.SetStrength(component.Name, component.Value.GetDouble());
        return attachment;
    }

    static readonly HashSet<string> pipelines =
    [
        "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline",
        "StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline",
    ];

    static readonly HashSet<string> known =
    [
        "strength",
        "prompt", "prompt_2", "negative_prompt", "negative_prompt_2", "height", "width", "num_inference_steps", "guidance_scale", "guidance_rescale", "eta", "clip_skip",
        "num_images_per_prompt", "cross_attention_kwargs", "original_size", "crops_coords_top_left", "target_size",
        "negative_original_size", "negative_crops_coords_top_left", "negative_target_size",
    ];

    static string ModelFolder(GoldenCase c) => Path.Combine(c.Group.Folder, "..", c["model"].GetString()!);

    static void TextToImage(GoldenCase c, StableDiffusion model, GenerateOptions options)
    {
        var pipeline = new TextToImage(model, Precision.Float32, CPU);
        var (_, plan) = new SamplingChoice(model, options with { Start = LatentStart.Noise }).Make();   // the whole schedule
        bool heun = options.Scheduler!.ClassName == "HeunDiscreteScheduler";   // diffusers lists the second evaluation of a step as a step
        var timesteps = plan.Steps.Select(s => s.From.Timestep).SelectMany((t, i) => heun && i > 0 ? new[] { t, t } : [t]);
        c.AssertClose(tensor(timesteps.ToArray()), c.Expected("timesteps"), "timesteps");
        Draws(c, options);
        Embeddings(c, model, options);

        var seen = new List<Tensor>();
        var latents = pipeline.Latents(options, (_, _, x) => seen.Add(x.clone().DetachFromDisposeScope()));
        using var scope = NewDisposeScope();
        foreach (var x in seen) scope.Attach(x);
        var want = c.Expected("latents_after_step");
        if (heun) want = want.index_select(0, tensor([.. seen.Select((_, i) => (long)Math.Min(2 * i + 1, want.shape[0] - 1))]));
        c.AssertClose(stack(seen), want, "latents_after_step");
        c.AssertClose(latents, c.Expected("final_latents"), "final_latents");
        if (!c.ExpectedNames.Contains("final_image")) return;
        var image = (pipeline.Decode(latents) / 2 + 0.5).clamp(0, 1);
        var wanted = c.Expected("final_image");
        c.AssertClose(wanted.shape[^1] == 3 ? image.permute(0, 2, 3, 1) : image, wanted, "final_image");
    }

    static void Draws(GoldenCase c, GenerateOptions options)
    {
        var shape = c.Input("draw.0").shape;
        using var noise = new GeneratorNoise(options.Seeds, (int)shape[0], shape[1..], CPU);
        for (int i = 0; c.HasInput($"draw.{i}"); i++) c.AssertClose(noise.Draw(), c.Input($"draw.{i}"), $"draw.{i}", 2e-6, 2e-6);
    }

    static void Embeddings(GoldenCase c, StableDiffusion model, GenerateOptions options)
    {
        if (!c.ExpectedNames.Contains("prompt_embeds")) return;
        var positive = PromptEncoder.Encode(model, options.Prompts, options.ClipSkip, options.SecondPrompts);
        c.AssertClose(positive.Context, c.Expected("prompt_embeds"), "prompt_embeds", 1e-4, 1e-4);
        if (c.ExpectedNames.Contains("pooled_prompt_embeds")) c.AssertClose(positive.Pooled!, c.Expected("pooled_prompt_embeds"), "pooled_prompt_embeds", 1e-4, 1e-4);
        if (options.NegativePrompt is not { } text || !c.ExpectedNames.Contains("negative_prompt_embeds")) return;
        var negative = PromptEncoder.Encode(model, [text], options.NegativeClipSkip ?? options.ClipSkip);
        c.AssertClose(negative.Context, c.Expected("negative_prompt_embeds"), "negative_prompt_embeds", 1e-4, 1e-4);
        if (c.ExpectedNames.Contains("negative_pooled_prompt_embeds"))
            c.AssertClose(negative.Pooled!, c.Expected("negative_pooled_prompt_embeds"), "negative_pooled_prompt_embeds", 1e-4, 1e-4);
    }

    // Pictures of the cases lie in [0, 1].
    static (LatentStart Start, (int Width, int Height)? Size) Start(GoldenCase c, double strength)
    {
        if (!c.HasInput("image")) return (LatentStart.Noise, null);
        var picture = c.Input("image") * 2 - 1;
        var size = ((int)picture.shape[3], (int)picture.shape[2]);
        if (!c.HasInput("mask_image")) return (new PictureStart(picture, strength), size);
        return (new InpaintStart(picture, c.Input("mask_image"), strength), size);
    }

    static GenerateOptions Options(GoldenCase c, SchedulerConfig scheduler, StableDiffusion model)
    {
        var s = c["settings"];
        long[] seeds = [.. c["seeds"].EnumerateArray().Select(seed => seed.GetInt64())];
        var prompts = Texts("prompt")!;
        var (start, size) = Start(c, Number("strength") ?? 0.8);
        var negatives = Texts("negative_prompt");
        int images = (int)(Number("num_images_per_prompt") ?? 1);
        return new GenerateOptions
        {
            Prompts = prompts,
            SecondPrompts = Texts("prompt_2"),
            SecondNegativePrompts = Texts("negative_prompt_2") is { } second ? [.. prompts.Select((_, i) => second[i % second.Count])] : null,
            NegativePrompt = negatives is [var one] ? one : null,
            NegativePrompts = negatives is { Count: > 1 } ? negatives : null,
            ImagesPerPrompt = images,
            Start = start,
            Compat = Compat.Diffusers,
            Width = (int?)Number("width") ?? size?.Width,
            Height = (int?)Number("height") ?? size?.Height,
            Steps = (int)(Number("num_inference_steps") ?? 50),
            GuidanceScale = Number("guidance_scale") ?? (c["pipeline"].GetString()!.Contains("XL", StringComparison.Ordinal) ? 5 : 7.5),
            GuidanceRescale = Number("guidance_rescale") ?? 0,
            Sampler = null,
            Scheduler = scheduler,
            SamplerOptions = new SamplerOptions { Eta = Number("eta") },
            Seeds = seeds,
            OneGenerator = seeds.Length == 1 && prompts.Count * images > 1,
            // diffusers counts from 0, and does not heed it for the negative prompt.
            ClipSkip = (int)(Number("clip_skip") ?? 0) + 1,
            NegativeClipSkip = 1,
            Sizes = Sizes("", always: true),
            NegativeSizes = Sizes("negative_", always: false),
        };

        double? Number(string name) => s.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

        IReadOnlyList<string>? Texts(string name) => !s.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : [value.GetString()!];

        // diffusers states height before width, and top before left.
        SizeConditions? Sizes(string prefix, bool always)
        {
            var original = Pair(prefix + "original_size");
            var target = Pair(prefix + "target_size");
            if (!always && (original is null || target is null)) return null;
            int usual = model.UNetConfig.SampleSize * model.VaeConfig.Factor;
            var own = ((int)(Number("height") ?? usual), (int)(Number("width") ?? usual));
            var (height, width) = original ?? own;
            var (top, left) = Pair(prefix + "crops_coords_top_left") ?? (0, 0);
            var (targetHeight, targetWidth) = target ?? own;
            return new SizeConditions(height, width, top, left, targetHeight, targetWidth);
        }

        (int, int)? Pair(string name) => s.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? (value[0].GetInt32(), value[1].GetInt32()) : null;
    }
}
