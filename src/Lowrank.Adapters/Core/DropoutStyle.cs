namespace Lowrank.Adapters;

/// <summary>What dropouts drop: programs that share the words mean different things by them.</summary>
public enum DropoutStyle
{
    /// <summary>sd-scripts, of a LoRA: single rank activations, and whole ranks for each sample, raised by 1/(1-p).</summary>
    Kohya,

    /// <summary>LyCORIS where it builds the weight: rank dropout leaves out rows of the change, for all samples alike; dropout does nothing.</summary>
    Lycoris,

    /// <summary>LyCORIS in bypass mode: rank dropout leaves out ranks of a LoRA and rows of other methods' change, dropout elements of what is added to the answer.</summary>
    LycorisBypass,

    /// <summary>PEFT, loralib and the paper: elements of what the adapter is asked, not of what the layer is.</summary>
    Peft,
}
