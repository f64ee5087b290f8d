namespace Lowrank.Models;

/// <summary>A level of paths that holds modules and computes nothing.</summary>
sealed class ModuleHolder : nn.Module
{
    ModuleHolder(string name) : base(name) { }

    /// <summary>Registers a module under a path that may have several levels: "model.decoder".</summary>
    /// <returns>What holds it.</returns>
    public static nn.Module Register(nn.Module holder, string path, nn.Module module)
    {
        string[] levels = path.Split('.');
        foreach (string level in levels[..^1])
        {
            var inner = new ModuleHolder(level);
            holder.register_module(level, inner);
            holder = inner;
        }
        holder.register_module(levels[^1], module);
        return holder;
    }
}
