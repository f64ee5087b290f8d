namespace Lowrank.Models;

/// <summary>Gemma 3, its text model (arXiv 2503.19786): five layers of six slide and turn by a base of their own; queries and keys are
/// normed.</summary>
static class Gemma3
{
    public static LanguageArchitecture Architecture { get; } = new("gemma3_text", "Gemma 3")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Gemma3", (config, storage) => Body((GemmaConfig)config, storage)),
        Gguf = new("gemma3", [.. GgufNames.OfGemma2, .. GgufNames.With(new AddedOne(), GgufNames.HeadNorms)],
        [
            .. GgufFields.Sizes, new RopeField { HasLocalBase = true }, GgufFields.RmsEps, new HeadField(), new FileTypeField(),
            .. GgufFields.SoftCaps, GgufFields.Window, new WindowEveryField(6), new QueryScalarField(layers: 62),
        ]),
    };

    static GemmaConfig Read(ConfigReader file)
    {
        var common = Gemma.Fields.Read(file);
        int every = file.OptionalCount("sliding_window_pattern") ?? file.Count("_sliding_window_pattern", 6);
        return new(new(common, RopeKinds.Read(file, common.HeadDim, common.MaxPositions, 1_000_000, layers: "full_attention")))
        {
            AttentionBias = file.Flag("attention_bias", false),
            Windows = ConfigFields.WindowsIn(file, common.Layers, layer => (layer + 1) % every != 0),
            LogitSoftCap = file.OptionalNumber("final_logit_softcapping"),
            ScoreSoftCap = file.OptionalNumber("attn_logit_softcapping"),
            QueryScalar = file.Number("query_pre_attn_scalar", common.HeadDim),
            LocalRope = RopeKinds.ReadSliding(
                file, common.HeadDim, common.MaxPositions, file.Number("rope_local_base_freq", 10000.0)),
        };
    }

    static Decoder Body(GemmaConfig config, Storage? storage)
    {
        return new("Gemma3TextModel", new(new Embedding(config.VocabularySize, config.HiddenSize, storage),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)], Gemma.Norm(config.HiddenSize, config, storage), config.Windows)
        {
            EmbeddingScale = Math.Sqrt(config.HiddenSize),
        });

        Layer<Tensor, Pass> Layer(int number)
        {
            var parts = new AttentionParts { Bias = config.AttentionBias, Norm = _ => Gemma.Norm(config.HeadDim, config, storage) };
            return new GemmaLayer("Gemma3", config,
                new SelfAttention("Gemma3Attention", config.HiddenSize, config.Scaled(number), parts, storage), storage);
        }
    }
}
