namespace Lowrank.Diffusion;

/// <summary>ComfyUI's samplers (0.3.64) by its names, each as it runs it.</summary>
public static class ComfySamplers
{
    // "ddim" is Euler there. The last word "gpu" says only where the Brownian tree's numbers are drawn.
    static readonly (string Name, string Ours)[] all =
    [
        ("euler", "euler"),
        ("euler_cfg_pp", "euler_cfg++"),
        ("euler_ancestral", "euler_a"),
        ("euler_ancestral_cfg_pp", "euler_a_cfg++"),
        ("heun", "heun"),
        ("heunpp2", "heun++2"),
        ("exp_heun_2_x0", "exp_heun_2"),
        ("exp_heun_2_x0_sde", "exp_heun_2_sde"),
        ("dpm_2", "dpm2"),
        ("dpm_2_ancestral", "dpm2_a"),
        ("lms", "lms"),
        ("dpm_fast", "dpm_fast"),
        ("dpm_adaptive", "dpm_adaptive"),
        ("dpmpp_2s_ancestral", "dpm++2s_a"),
        ("dpmpp_2s_ancestral_cfg_pp", "dpm++2s_a_cfg++"),
        ("dpmpp_sde", "dpm++sde"),
        ("dpmpp_sde_gpu", "dpm++sde"),
        ("dpmpp_2m", "dpm++2m"),
        ("dpmpp_2m_cfg_pp", "dpm++2m_cfg++"),
        ("dpmpp_2m_sde", "dpm++2m_sde"),
        ("dpmpp_2m_sde_gpu", "dpm++2m_sde"),
        ("dpmpp_2m_sde_heun", "dpm++2m_sde_heun"),
        ("dpmpp_2m_sde_heun_gpu", "dpm++2m_sde_heun"),
        ("dpmpp_3m_sde", "dpm++3m_sde"),
        ("dpmpp_3m_sde_gpu", "dpm++3m_sde"),
        ("ddpm", "ddpm"),
        ("lcm", "lcm"),
        ("ipndm", "ipndm"),
        ("ipndm_v", "ipndm_v"),
        ("deis", "deis"),
        ("res_multistep", "res_multistep"),
        ("res_multistep_cfg_pp", "res_multistep_cfg++"),
        ("res_multistep_ancestral", "res_multistep_a"),
        ("res_multistep_ancestral_cfg_pp", "res_multistep_a_cfg++"),
        ("gradient_estimation", "gradient_estimation"),
        ("gradient_estimation_cfg_pp", "gradient_estimation_cfg++"),
        ("er_sde", "er_sde"),
        ("seeds_2", "seeds_2"),
        ("seeds_3", "seeds_3"),
        ("sa_solver", "sa_solver"),
        ("sa_solver_pece", "sa_solver_pece"),
        ("ddim", "euler"),
        ("uni_pc", "unipc"),
        ("uni_pc_bh2", "unipc_bh2"),
    ];

    /// <summary>Names among <see cref="Names"/> that versions after 0.3.64 brought.</summary>
    public static IReadOnlyList<string> Later { get; } = ["exp_heun_2_x0", "exp_heun_2_x0_sde"];

    /// <summary>Its names, in its order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. all.Select(one => one.Name)];

    /// <summary>Its names for one of <see cref="Samplers.All"/>.</summary>
    public static IReadOnlyList<string> NamesOf(string name) => [.. all.Where(one => one.Ours == name).Select(one => one.Name)];

    /// <summary>The sampler of that name, as ComfyUI runs it.</summary>
    /// <param name="name">ComfyUI's name; large letters count.</param>
    /// <param name="options">Options; their manner is ComfyUI's in any case.</param>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static Sampler Create(string name, SamplerOptions? options = null) =>
        Named(name).Create((options ?? SamplerOptions.Default) with { Manner = SamplerManner.ComfyUi });

    /// <summary>The entry of <see cref="Samplers.All"/> that ComfyUI means by a name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static SamplerDescriptor Named(string name)
    {
        int at = Array.FindIndex(all, one => one.Name == name);
        if (at >= 0) return Samplers.Named(all[at].Ours);
        throw new LowrankException($"ComfyUI has no sampler \"{name}\" ({NearestNames.Told(name, [.. Names])}).");
    }
}
