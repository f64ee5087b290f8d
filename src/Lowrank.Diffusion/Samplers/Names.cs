namespace Lowrank.Diffusion;

static class Names
{
    /// <summary>Whether two names are one but for case, blanks, "_" and "-".</summary>
    public static bool Same(string a, string b) => string.Equals(Bare(a), Bare(b), StringComparison.OrdinalIgnoreCase);

    static string Bare(string name) => string.Concat(name.Where(c => c is not (' ' or '_' or '-')));
}
