// A model file as TorchSharp's users write it: all three namespaces beside each other, and TorchSharp's own names.
using Lowrank;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>Says of a row of word numbers to which of four kinds it belongs.</summary>
public sealed class WordClassifier : nn.Module<Tensor, Tensor>
{
    readonly Embedding tokens = nn.Embedding(32, 16);
    readonly Linear q_proj = nn.Linear(16, 16), v_proj = nn.Linear(16, 16);
    readonly LayerNorm norm = nn.LayerNorm(16);
    readonly Conv1d mix = nn.Conv1d(16, 16, 3, padding: 1);
    readonly GroupNorm grouped = nn.GroupNorm(4, 16);
    readonly Linear classifier = nn.Linear(16, 4);

    public WordClassifier() : base(nameof(WordClassifier))
    {
        RegisterComponents();
        nn.init.ones_(grouped.weight);   // which TorchSharp 0.107 leaves as memory happens to be
        nn.init.zeros_(grouped.bias);
    }

    /// <summary>Its layers as adapters see them.</summary>
    public ModelDescription Described => ModelDescription.Of(this);

    public override Tensor forward(Tensor words)
    {
        var x = norm.call(tokens.call(words));
        x = x + grouped.call(mix.call(x.transpose(1, 2))).transpose(1, 2);
        x = q_proj.call(x).tanh() * v_proj.call(x);
        return classifier.call(x.mean([1]));
    }
}
