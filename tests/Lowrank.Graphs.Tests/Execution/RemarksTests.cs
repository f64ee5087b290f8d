namespace Lowrank.Graphs.Tests;

/// <summary>What a graph gives and no node uses is told.</summary>
public class RemarksTests
{
    static readonly GraphFolders nowhere = new() { Models = "none", Input = "none" };

    // A LoRA on a checkpoint; the prompt is encoded by the encoders of that node.
    static string Adapted(string encoders, string text = "a fox", string sampler = "euler") => $$$"""
        {"1": {"class_type": "DiffusersLoader", "inputs": {"model_path": "m"}},
         "2": {"class_type": "LoraLoader", "inputs": {"model": ["1", 0], "clip": ["1", 1], "lora_name": "a", "strength_model": 1, "strength_clip": 0.8}},
         "3": {"class_type": "LoraLoader", "inputs": {"model": ["2", 0], "clip": ["2", 1], "lora_name": "b", "strength_model": 1, "strength_clip": 0}},
         "4": {"class_type": "CLIPTextEncode", "inputs": {"text": "{{{text}}}", "clip": ["{{{encoders}}}", 1]}},
         "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
         "6": {"class_type": "KSampler", "inputs": {"model": ["3", 0], "positive": ["4", 0], "negative": ["4", 0], "latent_image": ["5", 0], "seed": 1,
               "steps": 2, "cfg": 7.0, "sampler_name": "{{{sampler}}}", "scheduler": "normal", "denoise": 1.0}},
         "7": {"class_type": "VAEDecodeTiled", "inputs": {"samples": ["6", 0], "vae": ["1", 2], "tile_size": 512, "overlap": 64, "temporal_size": 32,
               "temporal_overlap": 8}},
         "8": {"class_type": "SaveImage", "inputs": {"images": ["7", 0], "filename_prefix": "p"} } }
        """;

    static IReadOnlyList<string> Notes(string json) => Review(json).Notes(ApiGraph.Parse(json));

    static GraphReview Review(string json) => new(new(ApiGraph.Parse(json), ["8"], new Dictionary<string, NodeFaults>()), nowhere);

    [Fact]
    public void AStrengthForEncodersThatNobodyAsksIsTold()
    {
        var notes = Notes(Adapted(encoders: "1"));
        Assert.Contains("Node 2 (LoraLoader): strength_clip 0.8 is not used: nothing that is run hangs on its CLIP.", notes);
        Assert.DoesNotContain(notes, note => note.StartsWith("Node 3", StringComparison.Ordinal));
        Assert.DoesNotContain(Notes(Adapted(encoders: "3")), note => note.Contains("strength_clip", StringComparison.Ordinal));
    }

    [Fact]
    public void FramesOfPicturesAreTold() => Assert.Contains(
        "Node 7 (VAEDecodeTiled): temporal_size 32 is not used: it is for video, and these are pictures.", Notes(Adapted("3")));

    [Fact]
    public void AnOverlapThatIsTakenSmallerIsTold()
    {
        string json = Adapted("3").Replace("\"overlap\": 64", "\"overlap\": 256", StringComparison.Ordinal);
        Assert.Contains("Node 7 (VAEDecodeTiled): overlap 256 is taken as 128: tiles of 512 overlap by a quarter at most.", Notes(json));
        Assert.DoesNotContain(Notes(Adapted("3")), note => note.Contains("overlap 64", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpu", true)]
    [InlineData("cpu", false)]
    public void ADefaultThatTheInterfaceWritesIsToldAndIsNothingThatWasGiven(string device, bool isTold)
    {
        string json = $$"""
            {"1": {"class_type": "SamplerDPMPP_SDE", "inputs": {"eta": 1, "s_noise": 1, "r": 0.5, "noise_device": "{{device}}"} },
             "8": {"class_type": "SamplerCustom", "inputs": {"sampler": ["1", 0]} } }
            """;
        Assert.DoesNotContain(Notes(json), note => note.Contains("noise_device", StringComparison.Ordinal));
        Assert.Equal(isTold, Review(json).DefaultNotes() is [var one] && one.StartsWith("Node 1 (SamplerDPMPP_SDE): noise_device gpu is not followed", StringComparison.Ordinal));
    }

    [Fact]
    public void NoiseOfACardIsTold() => Assert.Contains(Notes(Adapted("3", sampler: "dpmpp_sde_gpu")), note =>
        note.StartsWith("Node 6 (KSampler): sampler_name dpmpp_sde_gpu is not followed: noise is drawn on the CPU", StringComparison.Ordinal));

    [Theory]
    [InlineData("a {red|blue} fox", "of text {red|blue} is not drawn from")]
    [InlineData("seed %KSampler.seed%", "of text %KSampler.seed% is not filled in")]
    public void SignsOfTheInterfaceAreTold(string text, string said) =>
        Assert.Contains(Notes(Adapted("3", text)), note => note.Contains(said, StringComparison.Ordinal));

    [Theory]
    [InlineData("a (cat", "of text '(' is not closed: it is read as a sign")]
    [InlineData("cat) (dog:1.2)", "of text ')' is not opened before: it is read as a sign")]
    [InlineData("(cat:nan) dog", "of text the weight in \":nan)\" is no finite number")]
    public void WeightsThatAreNotTakenAreTold(string text, string said) =>
        Assert.Contains(Notes(Adapted("3", text)), note => note.StartsWith($"Node 4 (CLIPTextEncode): {said}", StringComparison.Ordinal));

    [Theory]
    [InlineData("65", "width 65 is taken as 64"), InlineData("64", null)]
    public void SidesBetweenPixelsOfLatentsAreTold(string width, string? said)
    {
        var notes = Notes(Adapted("3").Replace("\"width\": 64", $"\"width\": {width}", StringComparison.Ordinal));
        Assert.Equal(said is not null, notes.Any(note => note.StartsWith($"Node 5 (EmptyLatentImage): {said ?? "width"}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"steps\": 2", "\"steps\": true", "Node 6 (KSampler): steps is true, which is taken as 1.")]
    [InlineData("\"text\": \"a fox\"", "\"text\": 3", "Node 4 (CLIPTextEncode): text is 3, which is taken as \"3\".")]
    [InlineData("\"steps\": 2", "\"steps\": \"2\"", "Node 6 (KSampler): steps is \"2\", which is taken as 2.")]
    [InlineData("\"cfg\": 7.0", "\"cfg\": 7", null)]
    public void ValuesOfAnotherKindAreTold(string before, string after, string? said)
    {
        var given = ApiGraph.Parse(Adapted("3").Replace(before, after, StringComparison.Ordinal));
        var taken = GraphValidation.Check(given, nowhere).Graph;
        var review = new GraphReview(new(taken, ["8"], new Dictionary<string, NodeFaults>()), nowhere);
        var told = review.Notes(given).Where(note => note.Contains("which is taken as", StringComparison.Ordinal));
        Assert.Equal(said is null ? [] : [said], told);
    }

    [Theory]
    [InlineData(@"a \\{red\\} fox")]
    [InlineData("100% wool. 50% silk")]
    public void OtherTextsAreLeftAlone(string text) =>
        Assert.DoesNotContain(Notes(Adapted("3", text)), note => note.Contains("of text", StringComparison.Ordinal));
}
