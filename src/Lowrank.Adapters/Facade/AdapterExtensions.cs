using System.Runtime.CompilerServices;

namespace Lowrank;

/// <summary>Adapters on any TorchSharp module, in a line each.</summary>
public static class AdapterExtensions
{
    const int DefaultRank = 8;

    // One for each module for as long as the module lives, so that whoever asks finds the same.
    static readonly ConditionalWeakTable<nn.Module, ModelAdapters> known = [];

    /// <summary>The adapters of a module: the same object each time, empty where it has none yet.</summary>
    /// <param name="module">The model; its layers must be run by <c>layer.call(x)</c>.</param>
    /// <example><code>
    /// var adapters = net.Adapters();
    /// adapters.Load("style", name: "style");   // a folder of PEFT's
    /// adapters["style"].Strength = 0.8;
    /// </code></example>
    public static ModelAdapters Adapters(this nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return known.GetValue(
            module, key => new ModelAdapters((key as IDescribedModel)?.Describe() ?? ModelDescription.Of(key)));
    }

    /// <summary>Puts a fresh LoRA on a module: the first line before training, as PEFT's <c>get_peft_model</c> is.</summary>
    /// <param name="module">The model; its layers must be run by <c>layer.call(x)</c>.</param>
    /// <param name="targets">Which layers, with commas: the end of a path (<c>q_proj</c>), a part of one (<c>attn.0</c>), a glob
    /// (<c>*.attn.*</c>), <c>/an expression/</c>, <c>kind:conv2d</c>, <c>class:Block</c>, or <c>*</c> for all that can be.</param>
    /// <param name="rank">Rank of the two factors, 1 or more; 8. A method that has none refuses any other number.</param>
    /// <param name="alpha">The change is scaled by alpha / rank; null or 0 means the rank, a scale of 1. (PEFT's default is 8.) A
    /// method that scales nothing refuses it.</param>
    /// <param name="dropout">Share of the layers' inputs that the LoRA does not see while training, 0 to below 1, as PEFT's
    /// <c>lora_dropout</c>; of methods other than LoRA what they drop.</param>
    /// <param name="exclude">Which of those layers stay as they are, with commas; null for none.</param>
    /// <param name="ranks">Ranks for the layers that a pattern chooses (PEFT's <c>rank_pattern</c>), the first that fits; null for
    /// none.</param>
    /// <param name="whole">Which layers are trained and saved whole beside (PEFT's <c>modules_to_save</c>): a fresh head, say; null for
    /// none.</param>
    /// <param name="method">Another method of the list, such as <c>loha</c> or <c>lokr</c>; see <see cref="Methods"/>.</param>
    /// <param name="name">What the adapter is called on this model.</param>
    /// <param name="freezeBase">Whether the model's own parameters stop wanting gradients until its last adapter leaves.</param>
    /// <param name="generator">Source of the random parts; null means the default one.</param>
    /// <returns>The module's adapters.</returns>
    /// <exception cref="LowrankException">A pattern chooses no layer that the method can adapt, a value out of its range, or a name that is
    /// taken.</exception>
    /// <example><code>
    /// using var adapters = net.AddLora("q_proj,v_proj", rank: 8, alpha: 16, dropout: 0.1);
    /// Console.WriteLine(adapters.TrainableSummary());
    /// using var optimizer = new FusedAdamW(adapters.Trainable, learningRate: 1e-3);
    /// // ... your loop: optimizer.ZeroGrad(); loss.backward(); optimizer.Step();
    /// adapters.Save("my-adapter");             // a folder of PEFT's
    /// </code></example>
    public static ModelAdapters AddLora(
        this nn.Module module, string targets, int rank = DefaultRank, double? alpha = null, double dropout = 0, string? exclude = null,
        IReadOnlyDictionary<string, int>? ranks = null, string? whole = null, string method = "lora", string name = ModelAdapters.Default,
        bool freezeBase = true, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(name);
        if (rank != DefaultRank && !Methods.Named(method).HasRank)
            throw Idle(method, ["rank"]);
        bool dropsInputs = dropout > 0 && Methods.Named(method) == Lora.Descriptor;
        var options = new MethodOptions(rank, alpha) { Dropout = dropout, DropoutStyle = dropsInputs ? DropoutStyle.Peft : null };
        return module.AddAdapter(targets, options, exclude, ranks, whole, method, name, freezeBase, generator);
    }

    /// <summary>Puts a fresh adapter of any method on a module, with all the options that the method has.</summary>
    /// <param name="module">The model; its layers must be run by <c>layer.call(x)</c>.</param>
    /// <param name="targets">Which layers, as for <see cref="AddLora"/>.</param>
    /// <param name="options">The method's options, or those that are asked of every method.</param>
    /// <param name="exclude">Which of those layers stay as they are, with commas; null for none.</param>
    /// <param name="ranks">Ranks for the layers that a pattern chooses; null for none.</param>
    /// <param name="whole">Which layers are trained and saved whole beside; null for none.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="name">What the adapter is called on this model.</param>
    /// <param name="freezeBase">Whether the model's own parameters stop wanting gradients until its last adapter leaves.</param>
    /// <param name="generator">Source of the random parts; null means the default one.</param>
    /// <returns>The module's adapters.</returns>
    /// <exception cref="LowrankException">As for <see cref="AddLora"/>, or the options are another method's.</exception>
    /// <example><code>
    /// using var adapters = net.AddAdapter("*", new LoraOptions(rank: 8) { Dora = DoraAxis.Input });
    /// </code></example>
    public static ModelAdapters AddAdapter(
        this nn.Module module, string targets, MethodOptions options, string? exclude = null,
        IReadOnlyDictionary<string, int>? ranks = null, string? whole = null, string method = "lora", string name = ModelAdapters.Default,
        bool freezeBase = true, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(name);
        var adapters = module.Adapters();
        adapters.RefuseTaken(name);
        var descriptor = Methods.Named(method);
        List<string> idle = [.. descriptor.Idle(options)];
        if (ranks is { Count: > 0 } && !descriptor.HasRank) idle.Add("ranks");
        if (idle.Count > 0) throw Idle(method, idle);
        var plan = new AdapterPlan(adapters.Model, descriptor, options, ranks ?? new Dictionary<string, int>());
        var (planned, passedOver) = plan.Of(targets, exclude, whole);
        var adapter = AdapterFactory.Create(adapters.Model, planned, generator, name);
        adapters.Add(name, adapter,
            active => new Attachment(adapters.Model, adapter, 1, freezeBase, ownsAdapter: true, active) { PassedOver = passedOver });
        return adapters;
    }

    static LowrankException Idle(string method, IReadOnlyList<string> options) =>
        new($"{method} has no {string.Join(", no ", options)}: leave it away, or choose another method");

    /// <summary>Lets go of a module's adapters, so that the next who asks begins anew.</summary>
    internal static void Forget(ModelAdapters adapters)
    {
        foreach (var component in adapters.Model.Components)
            if (known.TryGetValue(component.Module, out var own) && own == adapters) known.Remove(component.Module);
    }
}
